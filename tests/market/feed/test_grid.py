"""Bars are aligned to the session: half days, lunch breaks, evenings before."""

from datetime import UTC, date, datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from market.calendars import from_ns, to_ns, trading_sessions
from market.feed.grid import Grid, boundaries
from market.words import Interval


def bar(calendar: str, interval: str, at: str) -> tuple[str, str] | None:
    """The bar that holds the instant (UTC), as text."""
    found = Grid(calendar).bar(Interval(interval), to_ns(datetime.fromisoformat(at + "+00:00")))
    return None if found is None else (_text(found[0]), _text(found[1]))


def _text(ns: int) -> str:
    return f"{from_ns(ns):%d %H:%M}"


@pytest.mark.parametrize(
    ("calendar", "interval", "at", "wanted"),
    [
        ("XNYS", "15m", "2012-10-15T13:30", ("15 13:30", "15 13:45")),
        ("XNYS", "15m", "2012-10-15T13:44:59", ("15 13:30", "15 13:45")),
        ("XNYS", "1h", "2012-10-15T19:59", ("15 19:30", "15 20:00")),
        ("XNYS", "1d", "2012-10-15T15:00", ("15 13:30", "15 20:00")),
        ("XNYS", "1h", "2012-11-23T17:45", ("23 17:30", "23 18:00")),  # a half day
        ("XNYS", "1m", "2012-11-23T18:00", None),
        ("XNYS", "1m", "2012-10-15T13:29:59", None),
        ("XNYS", "1m", "2012-10-29T15:00", None),  # a hurricane
        ("XTKS", "1h", "2012-10-15T02:10", ("15 02:00", "15 02:30")),  # until the lunch break
        ("XTKS", "1h", "2012-10-15T03:00", None),
        ("XTKS", "1h", "2012-10-15T03:45", ("15 03:30", "15 04:00")),
        ("CMES", "1d", "2013-09-01T22:00", ("01 22:00", "02 15:30")),
        ("24/7", "1d", "2017-01-01T22:00", ("01 00:00", "02 00:00")),
    ],
)
def test_bars_of_a_session(
    calendar: str, interval: str, at: str, wanted: tuple[str, str] | None
) -> None:
    assert bar(calendar, interval, at) == wanted


@settings(deadline=None, max_examples=100)
@given(
    st.sampled_from(["XNYS", "XTKS", "CMES", "24/7"]),
    st.sampled_from(list(Interval)),
    st.lists(st.integers(0, 30 * 86_400), min_size=1, max_size=50),
)
def test_bars_hold_their_instants_and_tile_the_session(
    calendar: str, interval: Interval, seconds: list[int]
) -> None:
    sessions = trading_sessions(calendar, date(2012, 10, 1), date(2012, 11, 5))
    at = to_ns(datetime(2012, 10, 2, tzinfo=UTC)) + np.array(seconds, dtype=np.int64) * 10**9
    starts, ends = boundaries(sessions, interval, at)
    trading = np.array([sessions.is_open(int(one)) for one in at])
    np.testing.assert_array_equal(ends > 0, trading)
    inside = ends > 0
    assert ((starts <= at) & (at < ends))[inside].all()
    if interval is not Interval.DAY:
        assert (ends - starts <= interval.seconds * 10**9)[inside].all()
    for edge in (starts[inside], ends[inside] - 1):
        again, same_end = boundaries(sessions, interval, edge)
        np.testing.assert_array_equal(again, starts[inside])
        np.testing.assert_array_equal(same_end, ends[inside])


def test_the_grid_moves_along() -> None:
    grid = Grid("XNYS")
    for year in (2000, 2012, 2024):
        at = to_ns(datetime(year, 6, 12, 15, 0, tzinfo=UTC))
        assert grid.bar(Interval.HOUR, at) == (at - 30 * 60 * 10**9, at + 30 * 60 * 10**9)
