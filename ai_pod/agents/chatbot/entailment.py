"""Whether what a turn knows entails a number: its facts, and the passages that it may quote."""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from ai_pod.agents.chatbot.facts import INSTANT, PERCENT, PRICE_SUFFIX, SHARE, WORD, is_currency
from ai_pod.agents.chatbot.numbers import Number, numbers
from ai_pod.contracts.chat import Fact
from ai_pod.memory.shipped import Passage

TOLERANCE = Decimal("0.05")
"""Rounding may change a number by so much of itself, and no more."""

MOST_DIGITS = 20
"""A number of more is no fact's: decimals would round it."""

_COUNTED = """
bar condition day decision desk episode feature fill fold hour instrument lot minute month order
override pod point position seat second seed session share signal step time trade trial unit verdict
week year
"""
COUNTED = frozenset(_COUNTED.split())
"""What a number may count. A number of these comes from a fact with that unit alone."""

_NONE_OF = re.compile(
    r"\b(?:no|zero|without any|not any)\s+(?:\w+\s+){0,1}?"
    r"(?P<noun>orders?|positions?|fills?|signals?|trials?|verdicts?|overrides?|shares?|instruments?)\b",
    re.IGNORECASE,
)
_FALLS = re.compile(
    r"\b(los[est]\w*|down|fell|fall\w*|minus|negative|short|lower|below|less|drop\w*|declin\w*|"
    r"decreas\w*|owe\w*|debit)\b",
    re.IGNORECASE,
)


class Known:
    """The numbers that a turn's facts and passages give."""

    def __init__(self, facts: Iterable[Fact], passages: Iterable[Passage]) -> None:
        self._facts = tuple(facts)
        self._quoted = {
            (number.shown.lower(), _counts(number))
            for passage in passages
            for number in (*numbers(passage.text), *none_of(passage.text))
        }
        self._shown = {shown for shown, _ in self._quoted}

    def entails(self, number: Number, *, falls: bool) -> bool:
        """`falls`: the sentence speaks of a loss or a fall, as a negative fact's number needs."""
        said, counted = number.shown.lower(), _counts(number)
        quoted = said in self._shown and not (counted or number.unit)
        if quoted or (said, counted) in self._quoted:
            return True
        return any(_gives(fact, number, falls) for fact in self._facts)


def falls(text: str) -> bool:
    return bool(_FALLS.search(text))


def none_of(text: str) -> Iterator[Number]:
    """`no orders` as the number nought."""
    for found in _NONE_OF.finditer(text):
        yield Number(shown=found.group(), value=Decimal(0), nouns=(found["noun"].lower(),))


def _gives(fact: Fact, number: Number, sentence_falls: bool) -> bool:
    if number.value is None or len(number.value.as_tuple().digits) > MOST_DIGITS:
        return False
    if not _is_number(fact) or not _units_agree(fact, number):
        return False
    value = Decimal(fact.value) * _scale(fact, number)
    if number.negative and value > 0:
        return False
    if value < 0 and not number.negative and not sentence_falls:
        return False
    size = abs(value)
    if abs(number.value - size) > TOLERANCE * size:
        return False
    step = Decimal(1).scaleb(-number.places)
    return any(
        size.quantize(step, rounding=rounding) == number.value
        for rounding in (ROUND_HALF_EVEN, ROUND_HALF_UP)
    )


def _is_number(fact: Fact) -> bool:
    """Also a word that is a bare number, such as the speed of a clock."""
    if fact.unit == WORD:
        return re.fullmatch(r"-?\d+(\.\d+)?", fact.value) is not None
    return fact.unit != INSTANT


def _scale(fact: Fact, number: Number) -> int:
    if fact.unit not in (SHARE, PERCENT):
        return 1
    return 10_000 if number.unit == "bps" else 100


def _units_agree(fact: Fact, number: Number) -> bool:
    """A percentage comes from a share only, money from money of that currency, a count from a
    count of the same.
    """
    currency = fact.unit.removesuffix(PRICE_SUFFIX)
    if number.unit in ("%", "bps") or fact.unit in (SHARE, PERCENT):
        return number.unit in ("%", "bps") and fact.unit in (SHARE, PERCENT)
    if number.unit:
        return currency == number.unit
    counted = _counts(number)
    if not counted:
        return True
    if fact.unit == WORD or is_currency(currency):
        return False
    held = number.value == 0 and counted == "position"
    return bool({counted, "share" if held else counted} & set(map(_singular, fact.unit.split())))


def _counts(number: Number) -> str:
    """What the number counts, in the singular, if it is one of COUNTED."""
    return next((one for one in map(_singular, number.nouns) if one in COUNTED), "")


def _singular(word: str) -> str:
    return word.lower().removesuffix("s")


def literals(facts: Iterable[Fact], zone: str) -> Iterator[str]:
    """Texts that may be repeated as they are: words of facts, the parts of their instants as they
    are told in `zone`, and the names with digits of what they are about.
    """
    there = ZoneInfo(zone)
    for fact in facts:
        yield from _names(fact.label)
        if fact.stale:
            yield from _instants(fact.as_of.astimezone(there))
        if fact.unit == WORD and fact.value and not _is_number(fact):
            yield fact.value
        elif fact.unit == INSTANT:
            yield from _instants(datetime.fromisoformat(fact.value).astimezone(there))


def spellings(instruments: Iterable[str]) -> Iterator[str]:
    """Ids of instruments, and their symbols: digits alone could be any number, and are none."""
    for one in instruments:
        symbol = one.partition(":")[2]
        yield from (one, symbol) if re.search("[A-Za-z]", symbol) else (one,)


def _instants(moment: datetime) -> Iterator[str]:
    day = moment.day
    yield f"{moment:%Y-%m-%d %H:%M}"
    yield f"{moment:%Y-%m-%d}"
    yield f"{moment:%H:%M}"
    yield f"{day} {moment:%B %Y}"
    yield f"{moment:%B} {day}, {moment:%Y}"
    yield f"{day} {moment:%B}"
    yield f"{moment:%B} {day}"


def _names(label: str) -> Iterator[str]:
    for word in label.split():
        if re.search(r"\d", word) and re.search(r"[A-Za-z]", word):
            yield word
        if symbol := word.partition(":")[2]:
            yield word
            yield symbol
