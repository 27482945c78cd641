"""Live bars are the history's, whatever comes: late trades, gaps, breaks, half days, nights."""

from datetime import UTC, date, datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from market.calendars import from_ns, to_ns, trading_sessions
from market.feed.bars import INTERVALS, BarBuilder
from market.feed.grid import SECOND_NS, aggregate
from market.series import VALUES, Bars
from market.words import BarsClosed, Instrument, Interval, Tick
from tests.support.build_market import instrument

BEGIN = to_ns(datetime(2012, 11, 2, tzinfo=UTC))
"""The Friday before the weekend on which New York's clocks go back."""
DAYS_NS = 6 * 86_400 * SECOND_NS
SESSIONS = {
    name: trading_sessions(name, date(2012, 10, 29), date(2012, 11, 12))
    for name in ("XNYS", "XTKS", "24/7")
}

Trade = tuple[int, int, float, float]
"""(which instrument, at in ns, price, size)"""


@st.composite
def trades(draw: st.DrawFn) -> list[Trade]:
    """Two instruments' trades, most of them in order, some late, in bursts and with long gaps."""
    random = np.random.default_rng(draw(st.integers(0, 2**32)))
    count = draw(st.integers(1, 120))
    at = np.sort(random.integers(0, DAYS_NS // SECOND_NS, count)) * SECOND_NS
    if draw(st.booleans()):
        at = at[0] + (at - at[0]) // 40  # within hours
    late = random.random(count) < draw(st.floats(0, 0.3))
    at = np.where(late, at - random.integers(0, 7200, count) * SECOND_NS, at)
    return list(
        zip(
            random.integers(0, 2, count).tolist(),
            (BEGIN + at).tolist(),
            np.round(random.uniform(1, 100, count), 2).tolist(),
            random.integers(0, 1000, count).astype(float).tolist(),
            strict=True,
        )
    )


def closed(
    both: tuple[Instrument, Instrument], told: list[Trade], each: int
) -> tuple[list[BarsClosed], list[Trade]]:
    """Bars from the trades, time told after every `each` of them; and the trades that counted."""
    building, bars, taken = BarBuilder(both), [], []
    for number, trade in enumerate(told):
        which, at, price, size = trade
        tick = Tick(instrument=both[which].id, at=from_ns(at), price=price, size=size)
        if building.take(tick) is None:
            taken.append(trade)
        if number % each == 0:
            bars += building.advance(max(one[1] for one in told[: number + 1]))
    return bars + building.advance(BEGIN + 2 * DAYS_NS), taken


@pytest.mark.parametrize("calendar", SESSIONS)
@settings(deadline=None, max_examples=60)
@given(told=trades(), each=st.integers(1, 20))
def test_bars_are_made_of_the_trades_that_were_taken(
    calendar: str, told: list[Trade], each: int
) -> None:
    both = instrument("A", calendar=calendar), instrument("B", calendar=calendar)
    bars, taken = closed(both, told, each)
    ends = [(one.end, INTERVALS.index(one.interval)) for one in bars]
    assert ends == sorted(set(ends))
    for which, one in enumerate(both):
        its = [trade for trade in taken if trade[0] == which]
        at, price, size = (np.array([trade[n] for trade in its]) for n in (1, 2, 3))
        ticks = Bars(at.astype(np.int64) + 1, price, price, price, price, size)
        for interval in Interval:
            live = [bar for c in bars if c.interval is interval and (bar := c.of(one.id))]
            kept = aggregate(ticks, interval, SESSIONS[calendar])
            for name in VALUES:
                assert [getattr(bar, name) for bar in live] == getattr(kept, name).tolist()
            assert [from_ns(int(end)) for end in kept.end] == [bar.end for bar in live]
            assert all(bar.start < bar.end for bar in live)


@pytest.mark.parametrize("calendar", SESSIONS)
@settings(deadline=None, max_examples=60)
@given(told=trades(), of=st.sampled_from([Interval.MINUTE, Interval.FIVE_MINUTES]))
def test_bars_of_bars_are_bars(calendar: str, told: list[Trade], of: Interval) -> None:
    """Hours out of minutes, or out of five minutes, or of the trades themselves: the same."""
    at = np.array(sorted({trade[1] for trade in told}), dtype=np.int64)
    price = np.linspace(1.0, 2.0, len(at)) ** 2
    ticks = Bars(at + 1, price, price, price, price, np.ones(len(at)))
    sessions = SESSIONS[calendar]
    for interval in (Interval.QUARTER, Interval.HOUR, Interval.DAY):
        one = aggregate(ticks, interval, sessions)
        other = aggregate(aggregate(ticks, of, sessions), interval, sessions)
        for name in ("end", *VALUES):
            np.testing.assert_array_equal(getattr(one, name), getattr(other, name))
