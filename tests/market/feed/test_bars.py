"""Bars close once, on time, with what was traded in them; bad ticks are turned away."""

from datetime import UTC, datetime, timedelta

import pytest

from market.calendars import to_ns
from market.feed.bars import BarBuilder
from market.words import BarsClosed, Interval, Tick
from tests.support.build_market import MONDAY, instrument, tick


def builder(recorded: Interval | None = None) -> BarBuilder:
    return BarBuilder([instrument("IBM"), instrument("FB")], recorded)


def at(minutes: float) -> datetime:
    return MONDAY + timedelta(minutes=minutes)


def advance(building: BarBuilder, minutes: float) -> list[BarsClosed]:
    return building.advance(to_ns(at(minutes)))


def ends(closed: list[BarsClosed]) -> list[tuple[str, float]]:
    """(interval, minutes after the open) of each."""
    return [(one.interval.value, (one.end - MONDAY) / timedelta(minutes=1)) for one in closed]


def test_a_minute_holds_its_trades() -> None:
    building = builder()
    for second, price in ((0, 10.0), (20, 12.0), (40, 9.0), (59, 11.0)):
        assert building.take(tick(at(second / 60), price, size=5.0)) is None
    assert advance(building, 0.99) == []
    (closed,) = advance(building, 1)
    bar = closed.of("XNYS:IBM")
    assert bar is not None
    assert (bar.open, bar.high, bar.low, bar.close) == (10.0, 12.0, 9.0, 11.0)
    assert bar.volume == 20.0
    assert (bar.start, bar.end) == (at(0), at(1))
    assert closed.of("XNYS:FB") is None


def test_a_bar_closes_without_a_following_tick() -> None:
    building = builder()
    building.take(tick(at(3.5), 10.0))
    assert ends(advance(building, 16)) == [("1m", 4), ("5m", 5), ("15m", 15)]
    assert ends(advance(building, 390)) == [("1h", 60), ("1d", 390)]


def test_a_tick_closes_what_ended_before_it() -> None:
    building = builder()
    building.take(tick(at(0), 10.0))
    building.take(tick(at(5), 20.0))
    closed = advance(building, 5)
    assert ends(closed) == [("1m", 1), ("5m", 5)]
    assert closed[1].bars[0].close == 10.0


def test_one_message_holds_all_instruments() -> None:
    building = builder()
    building.take(tick(at(0), 10.0, symbol="FB"))
    building.take(tick(at(0.5), 20.0))
    (closed,) = advance(building, 1)
    assert [bar.instrument for bar in closed.bars] == ["XNYS:IBM", "XNYS:FB"]


def test_a_half_day_ends_the_day_early() -> None:
    building = builder()
    half_day = datetime(2012, 11, 23, 17, 50, tzinfo=UTC)
    building.take(tick(half_day, 10.0))
    closed = building.advance(to_ns(half_day + timedelta(minutes=10)))
    assert [one.interval.value for one in closed] == ["1m", "5m", "15m", "1h", "1d"]
    assert all(one.end.hour == 18 for one in closed[2:])


def test_bars_shorter_than_the_recording_are_synthetic() -> None:
    building = builder(recorded=Interval.HOUR)
    building.take(tick(at(0), 10.0))
    closed = advance(building, 400)
    labels = {one.interval.value: one.bars[0].synthetic for one in closed}
    assert labels == {"1m": True, "5m": True, "15m": True, "1h": False, "1d": False}


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (tick(at(2), float("nan")), "price not positive"),
        (tick(at(2), float("inf")), "price not positive"),
        (tick(at(2), 0.0), "price not positive"),
        (tick(at(2), -1.0), "price not positive"),
        (tick(at(2), 10.0, size=-1.0), "size negative"),
        (tick(at(2), 10.0, size=float("nan")), "size negative"),
        (tick(at(0.5), 10.0), "time went back"),
        (tick(at(2), 10.0, symbol="XYZ"), "unknown instrument"),
        (tick(at(-60), 10.0, symbol="FB"), "market closed"),
    ],
)
def test_a_bad_tick_is_turned_away_and_changes_nothing(bad: Tick, reason: str) -> None:
    building = builder()
    building.take(tick(at(1), 10.0))
    assert building.take(bad) == reason
    (minute, *_) = advance(building, 3)
    assert minute.bars[0].close == 10.0
    assert minute.bars[0].volume == 100.0


def test_a_tick_from_the_future_closes_nothing() -> None:
    building = builder()
    now = to_ns(at(2))
    assert building.take(tick(at(1), 10.0), before=now) is None
    assert building.take(tick(at(2), 99.0), before=now) == "time is ahead"
    assert building.take(tick(at(60 * 24 * 365), 99.0), before=now) == "time is ahead"
    assert building.take(tick(at(1.5), 11.0), before=now) is None
    assert building.take(tick(at(1.6), 12.0, symbol="FB"), before=now) is None
    (closed,) = building.advance(now)
    assert [bar.close for bar in closed.bars] == [11.0, 12.0]


def test_a_tick_for_a_closed_bar_is_late() -> None:
    building = builder()
    building.take(tick(at(0), 10.0))
    advance(building, 1)
    assert building.take(tick(at(0.9), 10.0, symbol="FB")) == "time went back"
    assert building.take(tick(at(1), 10.0, symbol="FB")) is None
