"""What a question names: instruments, a day, a side. Plain rules over the text."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum

from ai_pod.agents.chatbot.shorthand import spelled_out
from ai_pod.contracts.learning import VerdictReached
from ai_pod.contracts.screen import ShownSignal
from ai_pod.memory.vectors import STOP_WORDS
from market.words import Instrument, Word

_TOKEN = re.compile(r"[A-Za-z][A-Za-z0-9.:/]*")
_COMPANY = re.compile(
    r"\b(inc|corp(oration)?|co(mpany)?|ltd|plc|group|holdings)\b.*", re.IGNORECASE
)
_TICKER = re.compile(r"^[A-Z]{3,5}$")
_NAME = re.compile(r"(?<=[a-z0-9,] )[A-Z][a-z]{2,}\b")
_ABBREVIATIONS = """
CASH DST UTC USD EUR GBP JPY PNL SMA PPO OHLCV API WHAT WHY WHEN WHO HOW THE AND NOW ETF EST EDT
LIVE PAPER HELP ALL ANY ONE LOW KEY
"""
_NOT_TICKERS = frozenset(_ABBREVIATIONS.split())
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_TWO_LETTERS = """
am an as at be by do go he hi if in is it me my no of oh ok on or pm so to tv up us vs we bp ml px
pl ur rn wt yo la de
"""
_SHORT_WORDS = frozenset(_TWO_LETTERS.split())
"""What two letters in lower case may mean other than a symbol."""

MASK = "ibm"
"""Stands for every instrument, in questions and in examples."""

_SENTENCE_END = re.compile(r"[?!;\n]+|\.(?=\s|$)")
_PAST = re.compile(
    r"\b(last (week|month|year|monday|tuesday|wednesday|thursday|friday)|(weeks?|months?|years?|"
    r"days?|hours?) ago|in (19|20)\d\d|previous (week|month|year)|(this|past) (week|month|year)|"
    r"ytd|mtd|(year|month) to date|before yesterday)\b"
)
_FUTURE = re.compile(
    r"\b(next (week|month|year)|after tomorrow|will .* (be|go|rise|fall|reach)|in the future|"
    r"forecast|predict\w*|(in|within) (a|an|the next|\d+) (days?|weeks?|months?|years?))\b"
)
_SPELLED = tuple(
    (re.compile(form), full)
    for form, full in (
        (r"\b(what|who|when|where|how|that|it|there) s\b", r"\1 is"),
        (r"\b(what|who|when|where|how|we|you|they) re\b", r"\1 are"),
        (r"\b(i|we|you|they) ve\b", r"\1 have"),
        (r"\bi m\b", "i am"),
        (r"\btill\b", "until"),
    )
)
_SHORTENED = re.compile(r"\b(s|re|ve|m|till)\b")
_ASKS = (
    r"((just )?(making|to make) sure|(i |we )?need (to know|to see|a reminder of)|"
    r"remind me( (of|about)|(?= (what|how|who|when|which|why)))|"
    r"((my|the|a) )?(boss|client|customer|manager|accountant|compliance) "
    r"(wants|needs|asks|would like|is asking)( to know| to see| me)?)"
)
_COURTESY = re.compile(
    r"^((hey|hi|hello|hiya|yo|morning|good morning|ok|okay|so|well|please|cool|great|alright|hmm|"
    r"um|sorry|btw|by the way|just checking|just curious|quick (one|question|check)|one more thing|"
    rf"one more|mate|team|guys|thanks|kindly|again|{_ASKS}) (?=\w))*"
    r"((can|could|would|will) you (please )?(?=(tell|show|give|explain)\b))?"
    r"((tell me|do you know|any idea|i (want|would like|d like) to know) "
    r"(?=(what|who|when|where|why|how|which|if|whether|until)\b))?"
    r"|\b(please|thanks|thank you)\b| (mate|man|bro|dude|guys|lol|btw|by the way)$"
    r"| for (my|the|a|our) (report|meeting|boss|client|records?|review|call|file|minutes)$"
)
"""Said out of courtesy before a question, in it or after it."""

_ASIDE = re.compile(
    r"^(hey|hi|hello|hi there|yo|(good )?morning|ok|okay|cool|great|nice|alright|right|got it|hmm|"
    r"sorry|perfect|sure|well|quick (one|question|check)|(just )?(checking|curious|wondering)|"
    r"one (more )?(thing|question)|(a )?question)$"
)
"""A sentence that says nothing beside another one."""

_BARE = re.compile(
    r"^(and )?(why|why not|how come|when|where|how|how much|how many|who|which|which ones?|"
    r"at what price|since when|until when|how long|by how much|if so .*)( (is|was) (that|it))?$"
)
"""A sentence that asks for more of what the one before it asks."""

SIDES = {"buy": "buy", "bought": "buy", "buys": "buy", "purchases": "buy"}
SIDES |= {"sell": "sell", "sold": "sell", "sells": "sell", "sales": "sell"}


class When(StrEnum):
    """The time that a question asks about."""

    NOW = "now"
    TODAY = "today"
    YESTERDAY = "yesterday"
    TOMORROW = "tomorrow"
    WEEKDAY = "weekday"
    PAST = "past"
    FUTURE = "future"


class Question(Word, frozen=True, kw_only=True):
    """`clauses` are the text's sentences in lower case, without punctuation, with instruments
    masked as IBM; `words` is all of them.

    `day` is the market's date (UTC) of today, yesterday, tomorrow or the weekday named. `signal`,
    `verdict` and `span` (from, to) are what it points at on its asker's screen.
    """

    text: str
    clauses: tuple[str, ...] = ()
    instruments: tuple[str, ...] = ()
    unknown_instruments: tuple[str, ...] = ()
    when: When = When.NOW
    day: date | None = None
    side: str | None = None
    signal: ShownSignal | None = None
    verdict: VerdictReached | None = None
    span: tuple[datetime, datetime] | None = None

    @property
    def words(self) -> str:
        return " ".join(self.clauses)


def read(
    text: str,
    instruments: Mapping[str, Instrument],
    now: datetime,
    knows: Callable[[str], bool] = lambda _: False,
) -> Question:
    """What `text` names, given the instruments that are served (id → instrument). Words in capitals
    or, inside a sentence, with one name something unknown if `knows` knows them not in lower case.
    """
    text = spelled_out(text)
    named, masked = _masked(text, instruments)
    words = [token.rstrip(".:/") for token in _TOKEN.findall(masked)]
    unknown = [
        word
        for word in words
        if ":" in word
        or (_TICKER.match(word) and word not in _NOT_TICKERS and not knows(word.lower()))
    ]
    unknown += [name for name in _NAME.findall(masked) if not knows(name.lower())]
    lowered = text.lower()
    when, day = time_named(lowered, now)
    side = next((SIDES[word] for word in re.findall(r"\w+", lowered) if word in SIDES), None)
    return Question(
        text=text,
        clauses=_clauses(masked),
        instruments=named,
        unknown_instruments=() if text.isupper() else tuple(dict.fromkeys(unknown)),
        when=when,
        day=day,
        side=side,
    )


def _clauses(masked: str) -> tuple[str, ...]:
    said = [one for one in map(normalised, _SENTENCE_END.split(masked)) if one]
    clauses: list[str] = []
    for one in [one for one in said if not _ASIDE.search(one)] or said:
        if clauses and _BARE.search(one):
            clauses[-1] += f" {one}"
        else:
            clauses.append(one)
    return tuple(clauses)


def normalised(text: str) -> str:
    """Lower case, short forms in full, punctuation as spaces, single spaces, no courtesies."""
    whole = spelled_out(text).lower()
    spelled = re.sub(r"\bp ?(&|and|/) ?l\b|\bpnl\b", "profit and loss", whole)
    plain = " ".join(re.sub(r"[^a-z0-9&%]+", " ", spelled).split())
    if _SHORTENED.search(plain):
        for form, full in _SPELLED:
            plain = form.sub(full, plain)
    return " ".join(_COURTESY.sub(" ", plain).split())


def _masked(text: str, instruments: Mapping[str, Instrument]) -> tuple[tuple[str, ...], str]:
    """The ids of the instruments that `text` names, in its order, and the text without them."""
    found: dict[str, None] = {}

    def mask(name: str) -> str:
        found[name] = None
        return MASK

    masked = named(text, instruments, mask)
    return tuple(found), masked


def named(
    text: str, instruments: Mapping[str, Instrument], stands_for: Callable[[str], str]
) -> str:
    """`text` with `stands_for(id)` in place of every instrument that it names."""
    spelled = {name: id_ for id_, one in instruments.items() for name in _names(one)}
    if not spelled:
        return text
    longest_first = "|".join(map(re.escape, sorted(spelled, key=len, reverse=True)))

    def replaced(match: re.Match[str]) -> str:
        name = match.group()
        known = spelled.get(name) or spelled.get(name.lower())
        return name if known is None else stands_for(known)

    return re.sub(rf"(?<![\w:])({longest_first})(?!\w)", replaced, text, flags=re.IGNORECASE)


def single_names(instruments: Mapping[str, Instrument]) -> frozenset[str]:
    """The names of one word that instruments go by, in lower case."""
    spelled = (name.lower() for one in instruments.values() for name in _names(one))
    return frozenset(name for name in spelled if name.isalpha())


def _names(instrument: Instrument) -> Iterator[str]:
    """As people write it; in lower case what counts in any case. A symbol that is a word of the
    language, such as ALL, or a single letter counts in capitals only.
    """
    yield instrument.id.lower()
    symbol = instrument.symbol
    words = _SHORT_WORDS | STOP_WORDS
    common = len(symbol) < 2 or symbol.lower() in words or symbol in _NOT_TICKERS
    yield symbol if common else symbol.lower()
    if company := _COMPANY.sub("", instrument.name).strip(" ,.").lower():
        yield company


def time_named(lowered: str, now: datetime) -> tuple[When, date | None]:
    """The time that a text in lower case asks about, and its day where it is one."""
    today = now.date()
    if _FUTURE.search(lowered):
        return When.FUTURE, None
    if _PAST.search(lowered):
        return When.PAST, None
    for word, days in (("tomorrow", 1), ("yesterday", -1), ("today", 0)):
        if re.search(rf"\b{word}s?\b", lowered):
            return When(word), today + timedelta(days=days)
    if re.search(r"\btonight\b", lowered):
        return When.TODAY, today
    for number, name in enumerate(WEEKDAYS):
        if re.search(rf"\b{name}\b", lowered):
            ahead = (number - today.weekday()) % 7
            return When.WEEKDAY, today + timedelta(days=ahead)
    return When.NOW, None
