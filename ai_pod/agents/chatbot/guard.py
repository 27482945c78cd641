"""No number leaves that nothing entails: every sentence is checked against facts and passages."""

import re
from collections.abc import Iterator

from ai_pod.agents.chatbot.facts import REFERENCE, FactBook
from ai_pod.agents.chatbot.numbers import entailed, literals, numbers

REFUSAL = "I have no source for this."

_END = re.compile(r"(?<=[.!?])\s+|\n+")
_NEGATED = re.compile(r"(?<![\w})])[-−]\s?\{f\d+\}")
_BLANK = "\ufffc"
"""Stands where a reference or a literal was, so that nothing around it grows together."""


def ungrounded(text: str, book: FactBook) -> list[str]:
    """The numbers, and the references, of `text` that neither facts nor passages entail."""
    found = [name for name in REFERENCE.findall(text) if not book.knows(name)]
    found += _NEGATED.findall(text)
    rest = REFERENCE.sub(_BLANK, text)
    for literal in sorted(literals(book.facts.values()), key=len, reverse=True):
        rest = re.sub(rf"(?<!\w){re.escape(literal)}(?!\w)", _BLANK, rest)
    quoted = _numbers_of_passages(book)
    return found + [
        number.shown
        for number in numbers(rest)
        if number.shown.lower() not in quoted and not entailed(number, book.facts.values())
    ]


def _numbers_of_passages(book: FactBook) -> set[str]:
    return {
        number.shown.lower()
        for passage in book.passages.values()
        for number in numbers(passage.text)
    }


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
