"""Synthetic minutes go through the real day: its open, high, low, close and volume, exactly."""

from datetime import date

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from market.calendars import trading_sessions
from market.feed.grid import aggregate
from market.feed.synthetic import Day, history_bars, history_minutes, thread
from market.series import VALUES, same
from market.shipped import DEMO_INSTRUMENTS, daily_stock
from market.validation import check_bars
from market.words import Instrument, Interval
from tests.support.build_market import instrument

FIRST, LAST = date(2012, 11, 1), date(2013, 1, 31)
HALF_DAY = date(2012, 11, 23)


@pytest.mark.parametrize("stock", DEMO_INSTRUMENTS, ids=lambda one: one.symbol)
def test_minutes_add_up_to_the_recorded_day(stock: Instrument) -> None:
    daily = daily_stock(stock.symbol)
    sessions = trading_sessions("XNYS", FIRST, LAST)
    minutes = history_minutes(stock, daily, FIRST, LAST)
    check_bars(minutes)
    assert minutes.synthetic
    days = aggregate(minutes, Interval.DAY, sessions)
    recorded = daily.between(int(sessions.closes[0]), int(sessions.closes[-1]))
    for name in ("end", *VALUES):
        np.testing.assert_array_equal(getattr(days, name), getattr(recorded, name))
    cents = minutes.close * 100
    np.testing.assert_allclose(cents, np.rint(cents), atol=1e-6)
    assert (minutes.open[1:] == minutes.close[:-1])[np.diff(minutes.end) == 60 * 10**9].all()


def test_a_half_day_has_half_the_minutes() -> None:
    stock = DEMO_INSTRUMENTS[0]
    bars = history_minutes(stock, daily_stock(stock.symbol), HALF_DAY, HALF_DAY)
    assert len(bars) == 210


def test_the_same_whenever_asked() -> None:
    stock = DEMO_INSTRUMENTS[0]
    daily = daily_stock(stock.symbol)
    whole = history_minutes(stock, daily, FIRST, LAST)
    one = history_minutes(stock, daily, HALF_DAY, HALF_DAY)
    assert same(whole.between(int(one.end[0]), int(one.end[-1])), one)
    other = history_minutes(instrument("OTHER"), daily, HALF_DAY, HALF_DAY)
    assert not same(one, other)


PINNED = [[100.0, 100.26, 99.28, 99.58], [99.58, 99.0, 99.94, 99.69], [99.69, 99.91, 101.0, 100.5]]


def test_the_generator_is_pinned() -> None:
    """Another walk would change everybody's demo, and bars that were published: say so first."""
    path = thread(instrument("IBM"), HALF_DAY, Day(100.0, 101.0, 99.0, 100.5, 1000.0), 3)
    assert path.price.tolist() == PINNED
    assert path.volume.sum() == 1000.0


def test_a_day_without_data_has_no_minutes() -> None:
    facebook = next(one for one in DEMO_INSTRUMENTS if one.symbol == "FB")
    before = date(2012, 5, 1), date(2012, 5, 17)
    assert len(history_minutes(facebook, daily_stock("FB"), *before)) == 0
    assert len(history_bars(facebook, daily_stock("FB"), Interval.HOUR, *before)) == 0


@settings(deadline=None, max_examples=150)
@example([124, 288, 288, 5964], 0, 49, date(2011, 3, 14))
@given(
    st.lists(st.integers(1, 10_000), min_size=4, max_size=4),
    st.integers(0, 10**9),
    st.integers(2, 400),
    st.dates(date(2000, 1, 1), date(2030, 1, 1)),
)
def test_any_day_can_be_walked(prices: list[int], volume: int, minutes: int, day: date) -> None:
    low, one, other, high = (price / 100 for price in sorted(prices))
    path = thread(instrument(), day, Day(one, high, low, other, float(volume)), minutes)
    assert path.price.shape == (minutes, 4)
    assert path.price[0, 0] == one
    assert path.price[-1, -1] == other
    assert path.price.max() == high
    assert path.price.min() == low
    assert path.volume.sum() == volume
    assert (path.volume >= 0).all()


def test_the_walk_is_no_more_restless_and_no_more_predictable_than_real_days() -> None:
    """A policy must not earn by knowing the generator."""
    daily = daily_stock("IBM")
    bars = history_bars(
        instrument("IBM"), daily, Interval.QUARTER, date(2011, 1, 3), date(2012, 12, 31)
    )
    moves = np.log(bars.close / bars.open)
    days = daily.between(int(bars.end[0]) - 86_400 * 10**9, int(bars.end[-1]) + 1)
    implied = np.mean(np.log(days.high / days.low) ** 2) / (4.0 * np.log(2.0))
    assert np.sum(moves**2) / len(days) == pytest.approx(implied, rel=0.15)
    noise = 1.0 / np.sqrt(len(moves))
    for lag in (1, 2, 3, 4, 8):
        assert abs(np.corrcoef(moves[lag:], moves[:-lag])[0, 1]) < 0.02 + 3.0 * noise
