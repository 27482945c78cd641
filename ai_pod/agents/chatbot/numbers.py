"""Numbers in a text, in digits and in words, and whether a fact entails one."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

from ai_pod.agents.chatbot.facts import INSTANT, PERCENT, PRICE_SUFFIX, SHARE, WORD, is_currency
from ai_pod.contracts.chat import Fact
from market.words import Word

_NUMBER = re.compile(
    r"(?P<before>[$€£¥]\s?)?(?P<sign>(?<![\w.)}])[-−]\s?)?(?P<digits>\d[\d,]*(?:\.\d+)?)"
    r"(?P<after>\s?(?:%|percent\b|[A-Z]{3}\b))?"
)
_SMALL = """
two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
seventeen eighteen nineteen twenty
"""
_WORD_VALUES = {word: Decimal(value) for value, word in enumerate(_SMALL.split(), start=2)}
_WORD_VALUES["zero"] = Decimal(0)
_AMOUNTS = (
    "thirty|forty|fifty|sixty|seventy|eighty|ninety|hundreds?|thousands?|millions?|billions?|dozens?|"
    "double[ds]?|doubling|triple[ds]?|tripling|twice|thrice|halved|halves|half|quarters?|thirds?|"
    "tenfold|twofold|threefold"
)
_NUMBER_WORD = re.compile(rf"\b({'|'.join(_WORD_VALUES)}|{_AMOUNTS})\b", re.IGNORECASE)

TOLERANCE = Decimal("0.05")
"""Rounding may change a number by so much of itself, and no more."""


class Number(Word, frozen=True, kw_only=True):
    """A number as it stands in a text. `unit` is `%`, a currency's code or sign, or empty."""

    shown: str
    value: Decimal | None
    places: int = 0
    negative: bool = False
    unit: str = ""


def numbers(text: str) -> Iterator[Number]:
    """All numbers of `text`; words for amounts that are no plain number have no value."""
    plain = unicodedata.normalize("NFKC", text)
    for found in _NUMBER.finditer(plain):
        digits = found["digits"].replace(",", "")
        yield Number(
            shown=found.group().strip(),
            value=Decimal(digits),
            places=len(digits.partition(".")[2]),
            negative=found["sign"] is not None,
            unit=(found["before"] or found["after"] or "").strip().replace("percent", "%"),
        )
    for found in _NUMBER_WORD.finditer(plain):
        word = found.group().lower()
        yield Number(shown=found.group(), value=_WORD_VALUES.get(word))


def entailed(number: Number, facts: Iterable[Fact]) -> bool:
    """Whether a fact's value, rounded as the number is, gives the number."""
    return any(_gives(fact, number) for fact in facts)


def _gives(fact: Fact, number: Number) -> bool:
    if fact.unit in (WORD, INSTANT) or number.value is None or not _units_agree(fact, number):
        return False
    value = Decimal(fact.value) * (100 if fact.unit in (SHARE, PERCENT) else 1)
    if number.negative and value > 0:
        return False
    size = abs(value)
    if abs(number.value - size) > TOLERANCE * size:
        return False
    step = Decimal(1).scaleb(-number.places)
    return any(
        size.quantize(step, rounding=rounding) == number.value
        for rounding in (ROUND_HALF_EVEN, ROUND_HALF_UP)
    )


_SIGNS = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY"}


def _units_agree(fact: Fact, number: Number) -> bool:
    """A percentage comes from a share only, money from money of that currency."""
    currency = fact.unit.removesuffix(PRICE_SUFFIX)
    if number.unit == "%":
        return fact.unit in (SHARE, PERCENT)
    wanted = _SIGNS.get(number.unit, number.unit)
    if is_currency(wanted):
        return currency == wanted
    return True


def literals(facts: Iterable[Fact]) -> Iterator[str]:
    """Texts that may be repeated as they are: words of facts, and the parts of their instants."""
    for fact in facts:
        if fact.unit == WORD:
            yield fact.value
        elif fact.unit == INSTANT:
            moment = datetime.fromisoformat(fact.value)
            yield f"{moment:%Y-%m-%d %H:%M}"
            yield f"{moment:%Y-%m-%d}"
            yield f"{moment:%H:%M}"
