"""Facts: the only source of numbers in an answer. Texts refer to them as `{f1}`, to passages as
`{n1}`; the server renders both.
"""

import re
from collections.abc import Callable
from datetime import datetime
from decimal import ROUND_HALF_EVEN, Decimal

from ai_pod.contracts.chat import Fact
from ai_pod.memory.shipped import Passage

REFERENCE = re.compile(r"\{([fn]\d+)\}")

WORD = "word"
INSTANT = "instant"
SHARE = "share of equity"
PERCENT = "percent"
SCORE = "score"
RATIO = "ratio"

PRICE_SUFFIX = " price"
"""Ends the unit of a price, after its currency: a price keeps all its decimals."""

_PLACES = {SHARE: 2, PERCENT: 2, SCORE: 4, RATIO: 2}


class FactBook:
    """Facts and passages of one turn, numbered in the order of their arrival."""

    def __init__(self) -> None:
        self.facts: dict[str, Fact] = {}
        self.passages: dict[str, Passage] = {}

    def add(
        self, label: str, value: Decimal | float | str, unit: str, as_of: datetime, source: str
    ) -> str:
        """Enter a fact; gives its reference, `{f1}`. Floats are taken by their shortest decimal."""
        name = f"f{len(self.facts) + 1}"
        text = value if isinstance(value, str) else f"{Decimal(str(value)):f}"
        self.facts[name] = Fact(
            id=name, label=label, value=text, unit=unit, as_of=as_of, source=source
        )
        return f"{{{name}}}"

    def cite(self, passage: Passage) -> str:
        """Enter a passage; gives its reference, `{n1}`."""
        for name, known in self.passages.items():
            if known.id == passage.id:
                return f"{{{name}}}"
        name = f"n{len(self.passages) + 1}"
        self.passages[name] = passage
        return f"{{{name}}}"

    def knows(self, reference: str) -> bool:
        return reference in self.facts or reference in self.passages

    def fill(self, text: str) -> str:
        """`text` with every known reference rendered; an unknown one stays as it is."""
        return REFERENCE.sub(self._rendered, text)

    def _rendered(self, match: re.Match[str]) -> str:
        name = match.group(1)
        if name in self.facts:
            return render(self.facts[name])
        if name in self.passages:
            return f"({self.passages[name].title})"
        return match.group(0)


def render(fact: Fact) -> str:
    """The fact as people read it: `1,234.50 USD`, `12.5 %`, `2012-10-15 19:45 UTC`."""
    return _RENDERERS.get(fact.unit, _amount)(fact)


def _word(fact: Fact) -> str:
    return fact.value


def _instant(fact: Fact) -> str:
    return datetime.fromisoformat(fact.value).strftime("%Y-%m-%d %H:%M UTC")


def _percent(fact: Fact) -> str:
    return f"{_trimmed(Decimal(fact.value) * 100, _PLACES[fact.unit])} %"


def _plain(fact: Fact) -> str:
    return _trimmed(Decimal(fact.value), _PLACES[fact.unit])


def _amount(fact: Fact) -> str:
    """Money (a currency's code as unit) keeps its cents; counts lose a plural's s at one."""
    value = Decimal(fact.value)
    if fact.unit.endswith(PRICE_SUFFIX):
        places = max(2, -int(value.normalize().as_tuple().exponent))
        return f"{round_to(value, places):,} {fact.unit.removesuffix(PRICE_SUFFIX)}"
    if is_currency(fact.unit):
        places = 2 if value == round(value, 2) or abs(value) >= 1 else 4
        return f"{round_to(value, places):,} {fact.unit}"
    unit = fact.unit.removesuffix("s") if abs(value) == 1 else fact.unit
    return f"{_trimmed(value, 8)} {unit}"


_RENDERERS: dict[str, Callable[[Fact], str]] = {
    WORD: _word,
    INSTANT: _instant,
    SHARE: _percent,
    PERCENT: _percent,
    SCORE: _plain,
    RATIO: _plain,
}


def is_currency(unit: str) -> bool:
    return len(unit) == 3 and unit.isupper()


def round_to(value: Decimal, places: int) -> Decimal:
    """Half even; never shows a negative zero."""
    rounded = value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_EVEN)
    return abs(rounded) if rounded == 0 else rounded


def _trimmed(value: Decimal, places: int) -> str:
    text = f"{round_to(value, places):,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def instant(moment: datetime) -> str:
    """An instant as a fact's value."""
    return moment.isoformat()
