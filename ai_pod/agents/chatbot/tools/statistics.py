"""What an instrument did over a stretch of bars: open, high, low, close, volume, return, volatility
and average, each calculated from closed bars.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

import numpy as np

from ai_pod.agents.chatbot.facts import INSTANT, PERCENT, FactBook, instant
from ai_pod.agents.chatbot.question import Question
from ai_pod.agents.chatbot.sources import Sources
from ai_pod.agents.chatbot.tools.periods import Period, period
from ai_pod.agents.chatbot.tools.units import counted, price_unit, quantity_unit
from market.calendars import from_ns
from market.series import Bars
from market.words import Instrument, Interval

TRADING_DAYS = 252
LEAST_RETURNS = 3
LONGEST_CLOSED = timedelta(days=6)
"""A period begins in the bars if they begin so soon after it."""

_ASKED = {
    "open": r"\bopen(ed|ing|s)?\b",
    "high": r"\bhigh(est|er|s)?\b|\brange\b|\bpeak(ed)?\b|\bmax(imum)?\b|\btop\b",
    "low": r"\blow(est|s)?\b|\brange\b|\bmin(imum)?\b|\bbottom\b",
    "close": r"\bclos(e|ed|es|ing)\b",
    "average volume": r"\b(average|mean|usual) (daily )?volume\b",
    "volume": r"\bvolume\b|\bshares\b.*\btraded\b|\bchanged hands\b",
    "average": r"\baverage\b|\bmean\b|\bmoving average\b|\bsma\b",
    "volatility": r"\bvolatil\w*\b|\bstandard deviation\b",
}
_USUAL = ("change", "high", "low")
_LONG = frozenset({"average", "average volume", "volatility"})
_NOT_HERE = re.compile(
    r"\b(implied|portfolio|all time|ever|bid|ask|spread|dividends?|earnings|my|our|desk)\b"
)
"""What bars do not tell, or what is asked of the desk."""


@dataclass(frozen=True)
class _Stretch:
    """Bars of one instrument, and where their facts go; `before` is the last close before them."""

    instrument: Instrument
    bars: Bars
    before: float | None
    interval: Interval
    book: FactBook

    @property
    def as_of(self) -> datetime:
        return from_ns(int(self.bars.end[-1]))

    def price(self, label: str, value: float) -> str:
        decimals = self.instrument.price_decimals
        unit = price_unit(self.instrument.currency)
        return self._add(label, round(Decimal(repr(float(value))), decimals), unit)

    def share(self, label: str, value: float) -> str:
        return self._add(label, round(Decimal(repr(float(value))), 6), PERCENT)

    def at(self, label: str, end: int) -> str:
        return self._add(label, instant(from_ns(int(end))), INSTANT)

    def quantity(self, label: str, value: float) -> str:
        decimals = self.instrument.quantity_decimals
        whole = round(Decimal(repr(float(value))), decimals)
        return self._add(label, whole, quantity_unit(self.instrument.id))

    def _add(self, label: str, value: Decimal | str, unit: str) -> str:
        synthetic = " (synthetic)" if self.bars.synthetic else ""
        source = f"{self.interval} bars{synthetic}"
        return self.book.add(f"{self.instrument.id} {label}", value, unit, self.as_of, source)


async def statistics(sources: Sources, question: Question, book: FactBook) -> list[str]:
    """What is asked of each instrument named, over the period named; else its change, high and low
    of today.
    """
    if _NOT_HERE.search(question.words):
        return []
    asked = [name for name, form in _ASKED.items() if re.search(form, question.words)]
    if "average volume" in asked:
        asked = ["average volume"]
    long = bool(_LONG.intersection(asked))
    stretch = period(question, sources.now, await _interval(sources), long=long)
    if stretch is None:
        return []
    lines = []
    for name in question.instruments:
        bars = await sources.bars.between(name, stretch.interval, stretch.start, stretch.end)
        cut = _cut(bars, stretch)
        if cut is not None:
            instrument = (await sources.instruments())[name]
            found = _Stretch(instrument, *cut, stretch.interval, book)
            lines += _told(found, asked or list(_USUAL))
    return lines


async def _interval(sources: Sources) -> Interval:
    """That of the desk's policy line, `POOL/SYMBOLS/INTERVAL/PROFILE`."""
    desk = await sources.desk()
    parts = desk.policy_line.split("/") if desk else []
    known = [Interval(part) for part in parts if part in set(Interval)]
    return known[0] if known else Interval.QUARTER


def _cut(bars: Bars, stretch: Period) -> tuple[Bars, float | None] | None:
    """The period's bars and the close before them; None where the period is not covered."""
    if not len(bars) or (stretch.count is not None and len(bars) < stretch.count):
        return None
    if stretch.covered and from_ns(int(bars.end[0])) > stretch.start + LONGEST_CLOSED:
        return None
    first = 0 if stretch.count is None else len(bars) - stretch.count
    before = float(bars.close[first - 1]) if first else None
    return bars.rows(slice(first, None)), before


def _told(stretch: _Stretch, asked: list[str]) -> list[str]:
    """A sentence of what is asked, with the bars that it is calculated from."""
    parts = [part for name in asked if (part := _FIGURES[name](stretch))]
    if not parts:
        return []
    bars = stretch.bars
    count = counted(
        stretch.book, _NAMES.get(stretch.interval, "bars"), len(bars), stretch.as_of, "bars"
    )
    first = stretch.at("first bar's end", int(bars.end[0]))
    last = stretch.at("last bar's end", int(bars.end[-1]))
    synthetic = " of synthetic prices" if bars.synthetic else ""
    return [
        f"{stretch.instrument.id}: {', '.join(parts)}; from {count}{synthetic}, whose ends lie "
        f"between {first} and {last}."
    ]


_NAMES = {
    Interval.MINUTE: "minute bars",
    Interval.HOUR: "hourly bars",
    Interval.DAY: "daily bars",
}


def _extreme(stretch: _Stretch, name: str) -> str:
    values = stretch.bars.high if name == "high" else stretch.bars.low
    at = int(values.argmax() if name == "high" else values.argmin())
    shown = stretch.price(name, float(values[at]))
    return f"{name} {shown} by {stretch.at(f'{name} time', int(stretch.bars.end[at]))}"


def _change(stretch: _Stretch) -> str:
    """From the close before the period, or else its first open, to its last close."""
    label = "opening price" if stretch.before is None else "close before"
    begins = float(stretch.bars.open[0]) if stretch.before is None else stretch.before
    ends = float(stretch.bars.close[-1])
    share = stretch.share("return", ends / begins - 1)
    return (
        f"return {share}, from the {label} {stretch.price(label, begins)} to the last close "
        f"{stretch.price('last close', ends)}"
    )


def _volatility(stretch: _Stretch) -> str:
    """The sample standard deviation of log returns; of days also times √252, as is customary."""
    before = [] if stretch.before is None else [stretch.before]
    returns = np.diff(np.log([*before, *stretch.bars.close]))
    if len(returns) < LEAST_RETURNS:
        return ""
    each = float(returns.std(ddof=1))
    shown = f"volatility {stretch.share('volatility', each)} a bar"
    if stretch.interval is not Interval.DAY:
        return shown
    days = counted(stretch.book, "trading days a year", TRADING_DAYS, stretch.as_of, "convention")
    year = stretch.share("volatility a year", each * TRADING_DAYS**0.5)
    return f"volatility {stretch.share('daily volatility', each)} a day, {year} at {days}"


_FIGURES: dict[str, Callable[[_Stretch], str]] = {
    "change": _change,
    "open": lambda one: f"open {one.price('open', float(one.bars.open[0]))}",
    "high": lambda one: _extreme(one, "high"),
    "low": lambda one: _extreme(one, "low"),
    "close": lambda one: f"close {one.price('close', float(one.bars.close[-1]))}",
    "volume": lambda one: f"volume {one.quantity('volume', float(one.bars.volume.sum()))}",
    "average volume": lambda one: (
        f"average volume {one.quantity('average volume', float(one.bars.volume.mean()))} a bar"
    ),
    "average": lambda one: f"average close {one.price('average', float(one.bars.close.mean()))}",
    "volatility": _volatility,
}
