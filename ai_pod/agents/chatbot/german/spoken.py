"""Reads a German request or question as English, word by word and by phrases: what it says is then
understood by the same rules. Words that nothing here knows are told, so that nothing is guessed.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from ai_pod.agents.chatbot.german import amounts, frames
from ai_pod.agents.chatbot.question import named
from ai_pod.memory.vectors import STOP_WORDS
from market.words import Instrument

_OF_BOTH = """
was die am in an so war man hat will also bin order orders position signal limit limits desk pod
plan pause gate champion policy trend not fast tag gut da er um ja bar mal tor depot ok okay
portfolio override challenger drawdown instrument chatbot minus plus minute dollar mit des den
all as he to mag us es on pool pods halt pro je euro euros
"""
_BOTH = frozenset(_OF_BOTH.split())
"""Words of both languages: they tell neither."""

_ENGLISH = (STOP_WORDS | {"buy", "sell", "show", "me", "please", "pause", "halt"}) - _BOTH

_OTHERWISE = "fall tag stand rat mist gut hand rest kind bald handy wand brief gift not"
_FALSE = frozenset(_OTHERWISE.split())
"""German words that mean something else in English, where no phrase holds them."""

_FOLDED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_TOKEN = re.compile(r"i\d+i|p&l|\d[\d.,:-]*\d|\d|[a-z_]+|[^\sa-z\d]")
_MASK = re.compile(r"\bi(\d+)i\b")
_REASON = re.compile(r",?\s+(?:wegen|weil|aufgrund(?:\s+von)?)\s+(.+?)[.!]*$", re.IGNORECASE)
_PAUSES = re.compile(r"^(?:bitte )?(?:pausier|stopp|halt)", re.IGNORECASE)
_LONGEST = 6


@dataclass(frozen=True)
class Heard:
    """A text as it can be understood; `strange` are words that are German and not known, `either`
    numbers whose dot was read as a mark of thousands, and is a decimal point in English.
    """

    text: str
    strange: tuple[str, ...] = ()
    either: tuple[str, ...] = ()


def in_english(
    text: str, instruments: Mapping[str, Instrument], knows: Callable[[str], bool]
) -> Heard:
    """`text` itself unless it is German. `knows` tells the words that need no translation."""
    found: list[str] = []

    def masked(id_: str) -> str:
        found.append(id_)
        return f"i{len(found) - 1}i"

    mask = named(text, instruments, masked)
    if not _is_german(_folded(mask)):
        return Heard(text)
    reason = _REASON.search(mask) if _PAUSES.match(mask) else None
    english, strange = _translated(mask[: reason.start()] if reason else mask, knows)
    if reason is not None:
        english = f"{english} because of {reason[1]}"
    return Heard(_unmasked(english, found), strange, amounts.either(mask))


def _unmasked(text: str, found: Sequence[str]) -> str:
    """With the instruments' ids; what somebody has typed like a mask stays."""
    return _MASK.sub(lambda one: found[int(one[1])] if int(one[1]) < len(found) else one[0], text)


def _is_german(folded: str) -> bool:
    words = [one for one in _TOKEN.findall(folded) if one.isalpha()]
    known = _words() | frames.WORDS
    return sum(one in known for one in words) > sum(one in _ENGLISH for one in words)


def _translated(mask: str, knows: Callable[[str], bool]) -> tuple[str, tuple[str, ...]]:
    """English, and the words that are not known, as they were written."""
    typed = {_folded(word): word for word in re.findall(r"[^\W\d_]+", mask)}
    folded = amounts.in_english(" ".join(_folded(mask).split()))
    said: list[str] = []
    strange: list[str] = []
    for sentence in re.split(r"([.?!;](?=\s|$))", folded):
        tokens = _TOKEN.findall(frames.in_order(sentence.strip(" ,")))
        while tokens:
            length, english = _phrase(tokens)
            if not length:
                word = tokens[0]
                length, english = 1, word.removesuffix("_")
                if english == word and not _passes(typed.get(word, word), knows):
                    english = typed.get(word, word)
                    strange.append(english)
                elif english == word and typed.get(word, "").isupper():
                    english = typed[word]
            said.append(english)
            tokens = tokens[length:]
    return _joined(said), tuple(strange)


def _phrase(tokens: list[str]) -> tuple[int, str]:
    """How many of the first tokens are a phrase, and what it means; (0, "") if none is."""
    phrases = _phrases()
    for length in range(min(_LONGEST, len(tokens)), 0, -1):
        english = phrases.get(tuple(tokens[:length]))
        if english is not None:
            return length, english
    return 0, ""


def _passes(word: str, knows: Callable[[str], bool]) -> bool:
    """Whether the word may stay as it is: a number, a sign, a ticker, a word of the product."""
    low = word.lower()
    if not low.isalpha() or (word.isupper() and 2 <= len(word) <= 5):
        return True
    return low not in _FALSE | frames.WORDS and knows(low)


def _joined(said: list[str]) -> str:
    text = " ".join(filter(None, said))
    return re.sub(r"\s+([.,;?!])", r"\1", text)


def _folded(text: str) -> str:
    return re.sub(r"(?<=\w)[-–](?=[^\W\d])", " ", text.lower().replace("_", " ").translate(_FOLDED))


@cache
def _phrases() -> dict[tuple[str, ...], str]:
    """Tokens of a phrase → English."""
    known: dict[tuple[str, ...], str] = {}
    text = files(__package__).joinpath("phrases.txt").read_text("utf-8")
    for line in text.splitlines():
        german, sign, english = line.partition("=")
        if sign and not line.startswith("#"):
            for one in german.split("|"):
                known[tuple(one.split())] = english.strip()
    return known


@cache
def _words() -> frozenset[str]:
    """Words that German alone has."""
    phrases = _phrases()
    same = {one for key, english in phrases.items() for one in key if one in english.split()}
    return frozenset(one for key in phrases for one in key) - same - _BOTH
