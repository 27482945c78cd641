"""Facts: the only source of numbers in an answer. Texts refer to them as `{f1}`, to passages as
`{n1}`; the server renders both.
"""

import re
from collections.abc import Callable
from datetime import datetime
from decimal import ROUND_HALF_EVEN, Decimal
from zoneinfo import ZoneInfo

from ai_pod.agents.chatbot.freshness import Freshness
from ai_pod.contracts.chat import Fact
from ai_pod.memory.shipped import Passage
from market.zones import UTC_NAME

REFERENCE = re.compile(r"\{([fn]\d+)\}")

WORD = "word"
INSTANT = "instant"
SHARE = "share of equity"
PERCENT = "percent"
SCORE = "score"
RATIO = "ratio"
NUMBER = "number"
"""Without a unit; it keeps six decimals, or six digits where it is smaller."""

PRICE_SUFFIX = " price"
"""Ends the unit of a price, after its currency: a price keeps all its decimals."""

_PLACES = {SHARE: 2, PERCENT: 2, SCORE: 4, RATIO: 2}


class FactBook:
    """Facts and passages of one turn, numbered in the order of their arrival. `instruments` are the
    ids that a text may name; without `freshness` no fact is stale. Instants are told in `zone`.
    """

    def __init__(self) -> None:
        self.facts: dict[str, Fact] = {}
        self.passages: dict[str, Passage] = {}
        self.instruments: tuple[str, ...] = ()
        self.freshness: Freshness | None = None
        self.zone = UTC_NAME

    def add(
        self, label: str, value: Decimal | float | str, unit: str, as_of: datetime, source: str
    ) -> str:
        """Enter a fact; gives its reference, `{f1}`. Floats are taken by their shortest decimal."""
        name = f"f{len(self.facts) + 1}"
        text = value if isinstance(value, str) else f"{Decimal(str(value)):f}"
        self.facts[name] = Fact(
            id=name,
            label=label,
            value=text,
            unit=unit,
            as_of=as_of,
            source=source,
            stale=self.freshness is not None and self.freshness.stale(source, as_of),
        )
        return f"{{{name}}}"

    def keep_first(self, known: int) -> None:
        """Forget the facts that were entered after the first `known`."""
        self.facts = dict(list(self.facts.items())[:known])

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
        """`text` with every known reference rendered; an unknown one stays as it is. Stale facts
        are said to be, with the time of the oldest.
        """
        filled = REFERENCE.sub(self._rendered, text)
        named = (self.facts.get(name) for name in REFERENCE.findall(text))
        old = [fact.as_of for fact in named if fact is not None and fact.stale]
        if not old:
            return filled
        return f"{filled} (Stale: as of {shown_instant(min(old), self.zone)}.)"

    def shown(self, fact: Fact) -> str:
        """The fact as its asker reads it."""
        return render(fact, self.zone)

    def _rendered(self, match: re.Match[str]) -> str:
        name = match.group(1)
        if name in self.facts:
            return self.shown(self.facts[name])
        if name in self.passages:
            return f"({self.passages[name].title})"
        return match.group(0)


def render(fact: Fact, zone: str = UTC_NAME) -> str:
    """The fact as people read it: `1,234.50 USD`, `12.5 %`, `2012-10-15 19:45 UTC`."""
    if fact.unit == INSTANT:
        return shown_instant(datetime.fromisoformat(fact.value), zone)
    return _RENDERERS.get(fact.unit, _amount)(fact)


def _word(fact: Fact) -> str:
    return fact.value


def shown_instant(moment: datetime, zone: str) -> str:
    """`2012-10-15 21:45 Europe/Berlin`: the zone's IANA name, which is never ambiguous, follows."""
    return f"{moment.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M} {zone}"


def _percent(fact: Fact) -> str:
    value, places = Decimal(fact.value) * 100, _PLACES[fact.unit]
    if fact.unit == PERCENT and value:
        places = max(places, -value.adjusted())
    return f"{_trimmed(value, places)} %"


def _plain(fact: Fact) -> str:
    value = Decimal(fact.value)
    return _trimmed(value, fine_places(value) if fact.unit == NUMBER else _PLACES[fact.unit])


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
    SHARE: _percent,
    PERCENT: _percent,
    SCORE: _plain,
    RATIO: _plain,
    NUMBER: _plain,
}


def is_currency(unit: str) -> bool:
    return len(unit) == 3 and unit.isupper()


def fine_places(value: Decimal) -> int:
    """Six decimals, or as many as show six digits of a smaller value."""
    return max(6, 5 - value.adjusted())


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
