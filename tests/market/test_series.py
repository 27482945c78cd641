"""Series: joined without losing or doubling a bar, side by side without inventing one, told as
words.
"""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.calendars import to_ns, trading_sessions
from market.feed.grid import boundaries
from market.feed.synthetic import history_bars
from market.series import VALUES, Bars, panel
from market.shipped import daily_stock
from market.words import Interval
from tests.support.build_market import instrument

ends = st.lists(st.integers(1, 40), unique=True, max_size=12).map(sorted)


def series(at: list[int], price: float) -> Bars:
    """Bars at those ends, all at one price."""
    values = {name: np.full(len(at), price) for name in VALUES}
    return Bars(end=np.array(at, dtype=np.int64), **values)


@given(ends, ends)
def test_merging_keeps_every_bar_once_and_the_newer_one_stands(
    old: list[int], new: list[int]
) -> None:
    merged = series(old, 1.0).merged(series(new, 2.0))
    assert merged.end.tolist() == sorted({*old, *new})
    assert merged.close.tolist() == [2.0 if end in new else 1.0 for end in merged.end.tolist()]


@given(st.lists(ends, min_size=1, max_size=4))
def test_a_panel_has_every_bar_and_carries_the_last_close_where_there_is_none(
    each: list[list[int]],
) -> None:
    names = tuple(f"XNYS:S{number}" for number in range(len(each)))
    parts = [priced(at, number) for number, at in enumerate(each)]
    side_by_side = panel(names, parts)
    begun = max(at[0] for at in each) if all(each) else 41
    assert side_by_side.end.tolist() == [end for end in sorted(set().union(*each)) if end >= begun]
    assert side_by_side.close.shape == (len(side_by_side), len(each))
    for row, end in enumerate(side_by_side.end.tolist()):
        for column, (at, bars) in enumerate(zip(each, parts, strict=True)):
            last = max(i for i, one in enumerate(at) if one <= end)
            told = {name: getattr(side_by_side, name)[row, column] for name in VALUES}
            assert told.pop("close") == bars.close[last]
            if at[last] == end:
                assert told == {name: getattr(bars, name)[last] for name in told}
            else:
                assert told.pop("volume") == 0.0
                assert np.isnan(list(told.values())).all()


def priced(at: list[int], number: int) -> Bars:
    """Bars at those ends whose prices all differ."""
    random = np.random.default_rng(number)
    values = {name: random.uniform(1, 2, len(at)) for name in VALUES}
    return Bars(end=np.array(at, dtype=np.int64), **values)


@pytest.mark.parametrize("interval", [Interval.FIVE_MINUTES, Interval.QUARTER, Interval.HOUR])
def test_a_bar_told_from_history_starts_where_the_live_one_did(interval: Interval) -> None:
    """Also a session's last, shorter hour: a chart has one place for a bar, not two."""
    ibm, first, last = instrument("IBM"), date(2012, 11, 20), date(2012, 11, 26)
    bars = history_bars(ibm, daily_stock("IBM"), interval, first, last)
    told = list(bars.words(ibm, interval))
    starts, _ = boundaries(trading_sessions("XNYS", first, last), interval, bars.end - 1)
    assert [to_ns(bar.start) for bar in told] == starts.tolist()
    assert [to_ns(bar.end) for bar in told] == bars.end.tolist()
    assert list(series([], 1.0).words(ibm, interval)) == []
