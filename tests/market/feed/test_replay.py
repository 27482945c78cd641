"""Recordings on the clock: nothing early, nothing twice, and the live bars are the history's."""

import asyncio
from contextlib import aclosing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from market.calendars import to_ns
from market.errors import FeedError
from market.feed.bars import INTERVALS, BarBuilder
from market.feed.recordings import Demo, hourly
from market.feed.replay import Replay, open_replay
from market.feed.synthetic import history_bars
from market.history import History
from market.series import VALUES, Bars
from market.shipped import daily_stock
from market.words import BarsClosed, Interval, Tick
from tests.support.build_market import Wall, clock, instrument, move_to

WEDNESDAY = datetime(2012, 11, 21, 12, tzinfo=UTC)
"""Thanksgiving's eve: a whole session, a holiday, a half day."""
AFTER = datetime(2012, 11, 24, 12, tzinfo=UTC)


async def played(replay: Replay, since: datetime, until: datetime) -> list[Tick]:
    """All ticks from `since` until the feed has told everything before `until`."""
    ticks: list[Tick] = []
    async with asyncio.timeout(30), aclosing(replay.batches(since)) as batches:
        async for batch in batches:
            ticks += batch.ticks
            if batch.until >= until:
                break
    return ticks


@pytest.fixture(scope="module")
def demo() -> Demo:
    return Demo()


def bars_of(replay: Replay, ticks: list[Tick]) -> list[BarsClosed]:
    building = BarBuilder(replay.instruments, replay.recorded)
    assert {building.take(tick) for tick in ticks} == {None}
    return building.advance(to_ns(AFTER))


async def test_live_bars_are_the_historys(demo: Demo) -> None:
    """The bars that close from the demo's ticks equal `history_bars`, and a day the recording."""
    replay = Replay(demo, clock(AFTER, Wall()))
    ticks = await played(replay, WEDNESDAY, AFTER)
    closed = bars_of(replay, ticks)
    for stock in replay.instruments:
        daily = daily_stock(stock.symbol)
        for interval in INTERVALS:
            live = [one.of(stock.id) for one in closed if one.interval is interval]
            if interval is Interval.DAY:
                kept = daily.between(to_ns(WEDNESDAY), to_ns(AFTER))
            else:
                kept = history_bars(stock, daily, interval, date(2012, 11, 21), date(2012, 11, 23))
            assert [to_ns(bar.end) for bar in live if bar] == kept.end.tolist()
            for name in VALUES:
                assert [getattr(bar, name) for bar in live] == getattr(kept, name).tolist()
            assert {bar.synthetic for bar in live if bar} == {interval is not Interval.DAY}


async def test_ticks_come_in_order_and_none_is_early(demo: Demo) -> None:
    wall = Wall()
    market = clock(WEDNESDAY + timedelta(hours=3), wall)
    replay = Replay(demo, market)
    seen: list[Tick] = []
    async with asyncio.timeout(30), aclosing(replay.batches(WEDNESDAY)) as batches:
        async for batch in batches:
            assert all(tick.at < batch.until <= market.now() for tick in batch.ticks)
            seen += batch.ticks
            if batch.until == market.now():
                move_to(market, wall, market.now() + timedelta(minutes=10))
            if batch.until > WEDNESDAY + timedelta(hours=4):
                break
    times = [tick.at for tick in seen]
    assert times == sorted(times)
    assert len({(tick.instrument, tick.at) for tick in seen}) == len(seen)
    per_minute = len(seen) / len({tick.at.replace(second=0) for tick in seen}) / 5
    assert per_minute == 4


async def test_the_end_is_said_and_the_feed_stays(demo: Demo) -> None:
    wall = Wall()
    end = datetime(2013, 3, 1, 21, tzinfo=UTC)
    market = clock(end - timedelta(minutes=1), wall)
    told = []
    async with asyncio.timeout(30):
        async with aclosing(Replay(demo, market).batches(end - timedelta(hours=1))) as batches:
            async for batch in batches:
                told.append(batch.ended)
                if batch.until == market.now():
                    move_to(market, wall, market.now() + timedelta(minutes=2))
                if len(told) > 3:
                    break
    assert told == [False, True, True, True]


def test_a_session_is_played_from_its_open(demo: Demo) -> None:
    replay = Replay(demo, clock(AFTER, Wall()))
    open_ = datetime(2012, 11, 21, 14, 30, tzinfo=UTC)
    close = datetime(2012, 11, 21, 21, tzinfo=UTC)
    assert replay.opening(open_ + timedelta(hours=2)) == open_
    assert replay.opening(close - timedelta(seconds=1)) == open_
    assert replay.opening(close) == close


def test_recorded_hours_are_four_trades() -> None:
    end = np.array([to_ns(datetime(2017, 1, 2, 11, tzinfo=UTC))])
    rose = Bars(end, *(np.array([value]) for value in (1.05, 1.06, 1.04, 1.055, 400.0)))
    fx = instrument("EURUSD", venue="FX", calendar="24/7")
    recording = hourly("replay:eurusd", fx, rose)
    replay = Replay(recording, clock(AFTER, Wall()))
    ticks = replay._words(recording.block(0, 2**62))
    assert [tick.price for tick in ticks] == [1.05, 1.04, 1.06, 1.055]
    assert [tick.size for tick in ticks] == [100.0] * 4
    assert all(tick.synthetic for tick in ticks)
    building = BarBuilder([fx], replay.recorded)
    assert {building.take(tick) for tick in ticks} == {None}
    (hour,) = [one for one in building.advance(int(end[0])) if one.interval is Interval.HOUR]
    bar = hour.bars[0]
    assert (bar.open, bar.high, bar.low, bar.close) == (1.05, 1.06, 1.04, 1.055)
    assert not bar.synthetic


@pytest.mark.parametrize(
    ("feed", "way_out"),
    [
        ("replay:eurusd", "shiftdesk data fetch eurusd"),
        ("replay:es", "shiftdesk data fetch es-ticks"),
        ("replay:gold", "replay:demo, replay:eurusd and replay:es"),
        ("alpaca", "unknown feed 'alpaca'"),
    ],
)
def test_a_feed_that_cannot_play_says_how_it_could(feed: str, way_out: str, tmp_path: Path) -> None:
    with pytest.raises(FeedError, match=way_out):
        open_replay(feed, clock(AFTER, Wall()), History(str(tmp_path)))
