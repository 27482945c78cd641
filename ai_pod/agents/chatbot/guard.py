"""No number leaves that nothing entails: every sentence is checked against facts and passages."""

import re
from collections.abc import Iterator

from ai_pod.agents.chatbot.entailment import Known, falls, literals, none_of, spellings
from ai_pod.agents.chatbot.facts import REFERENCE, FactBook
from ai_pod.agents.chatbot.letters import seen
from ai_pod.agents.chatbot.numbers import BLANK, CODES, CURRENCIES, SIGNS, UNIT, numbers

REFUSAL = "I have no source for this."

_END = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])|\n+")
_NEGATED = re.compile(r"(?<![\w})])[-−–]\s?\{f\d+\}|\b(?:minus|negative)\s+\{f\d+\}", re.IGNORECASE)
_GROWN = re.compile(
    rf"{BLANK}(?:[.,:/'’^*×÷·+–−-]?{BLANK}|[^\W_]|\s?[×÷^*]\s?(?:{BLANK}|[\w{{])|\s?(?:{UNIT}))"
    rf"|[^\W_]{BLANK}|[{SIGNS}]\s?{BLANK}|{BLANK}\s?(?:{'|'.join(CODES)})\b"
    rf"|{BLANK}\s+times\s+{BLANK}"
)
"""A reference that touches what would change how it reads."""

_INSTRUMENT = re.compile(r"\b[A-Z0-9]{2,10}:[A-Z0-9][A-Z0-9./-]*")


def ungrounded(text: str, book: FactBook) -> list[str]:
    """The numbers, and the references, of `text` that neither facts nor passages entail."""
    plain = seen(text)
    found = [name for name in REFERENCE.findall(plain) if not book.knows(name)]
    found += _NEGATED.findall(plain)
    found += misplaced(plain, book)
    rest = _without_literals(plain, book)
    found += [grown.replace(BLANK, "…") for grown in _GROWN.findall(rest)]
    known, falling = Known(book.facts.values(), book.passages.values()), falls(rest)
    return found + [
        number.shown
        for number in (*numbers(rest), *none_of(rest))
        if not known.entails(number, falls=falling)
    ]


def _without_literals(plain: str, book: FactBook) -> str:
    rest = REFERENCE.sub(BLANK, plain)
    said = {*literals(book.facts.values(), book.zone), *spellings(book.instruments)}
    for literal in sorted(said, key=len, reverse=True):
        rest = re.sub(rf"(?<![\w{BLANK}]){re.escape(literal)}(?![\w{BLANK}])", BLANK, rest)
    return rest


def misplaced(text: str, book: FactBook) -> list[str]:
    """References to facts of one instrument in a sentence that names others alone."""
    about = {name: set(_INSTRUMENT.findall(fact.label)) for name, fact in book.facts.items()}
    every = set(book.instruments).union(*about.values())
    named = {one for one in every if _names(text, one)}
    return [
        f"{name} of another instrument"
        for name in REFERENCE.findall(text)
        if named and about.get(name) and not about[name] & named
    ]


def _names(text: str, instrument: str) -> bool:
    symbol = re.escape(instrument.partition(":")[2])
    return re.search(rf"(?<![\w:])(?:{re.escape(instrument)}|{symbol})(?!\w)", text) is not None


def tidied(sentence: str, book: FactBook) -> str:
    """`sentence` without emphasis, and without what a reference's own rendering says again, as in
    `{f1} USD` and `${f1}`.
    """

    def single(match: re.Match[str]) -> str:
        fact = book.facts.get(match["name"])
        shown = book.shown(fact) if fact else ""
        sign, word = match["sign"] or "", match["word"] or ""
        if sign and shown.endswith(CURRENCIES.get(sign, sign)):
            sign = ""
        if word and shown.split()[-1:] == [word.strip()]:
            word = ""
        return f"{sign}{{{match['name']}}}{word}"

    return _DOUBLED.sub(single, _EMPHASIS.sub("", sentence))


_DOUBLED = re.compile(rf"(?P<sign>[{SIGNS}])?\{{(?P<name>f\d+)\}}(?P<word>\s?(?:%|[A-Za-z]+))?")


_EMPHASIS = re.compile(r"\*\*|__|`|^#+\s+|^[*-]\s+(?=\*\*)")


def sentences(text: str) -> list[str]:
    """The sentences of `text`, without the blanks between them."""
    return [part.strip() for part in _END.split(text) if part.strip()]


class Sentences:
    """Cuts a stream of tokens into sentences."""

    def __init__(self) -> None:
        self._held = ""

    def feed(self, token: str) -> Iterator[str]:
        """The sentences that `token` has completed."""
        self._held += token
        *whole, self._held = _END.split(self._held)
        yield from (part.strip() for part in whole if part.strip())

    def rest(self) -> str:
        """What is left at the end of the stream."""
        return self._held.strip()
