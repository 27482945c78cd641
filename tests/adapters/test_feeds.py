"""One body over all feeds: every trade once, in order, without gaps, whatever the vendor does."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from market.calendars import to_ns
from market.feed.bars import BarBuilder
from market.words import Interval
from tests.support.build_feeds import FEEDS, LIVE_FEEDS, FeedRig
from tests.support.venues.exchange import Fault


def minutes_ago(count: int) -> datetime:
    return (datetime.now(UTC) - timedelta(minutes=count)).replace(second=0, microsecond=0)


@pytest.fixture(params=sorted(FEEDS))
async def rig(request: pytest.FixtureRequest) -> AsyncIterator[FeedRig]:
    async with FEEDS[request.param]() as its:
        yield its


@pytest.fixture(params=sorted(LIVE_FEEDS))
async def live(request: pytest.FixtureRequest) -> AsyncIterator[FeedRig]:
    async with LIVE_FEEDS[request.param]() as its:
        yield its


async def test_what_was_traded_before_is_told_in_order(rig: FeedRig) -> None:
    await rig.listen(minutes_ago(4), 5)
    rig.check()


async def test_playing_again_tells_the_same_again(rig: FeedRig) -> None:
    since = minutes_ago(4)
    await rig.listen(since, 5)
    first, rig.told, rig.batches = rig.told, [], []
    await rig.listen(since, 5)
    assert rig.told == first


async def test_instruments_have_a_calendar_and_an_opening(rig: FeedRig) -> None:
    assert rig.feed.recorded is None
    assert all(one.calendar for one in rig.feed.instruments)
    now = datetime.now(UTC)
    assert rig.feed.opening(now) <= now


FAULTS: dict[str, list[Fault]] = {
    "none": [],
    "a message twice": [Fault.DUPLICATE],
    "a message late": [Fault.REORDER],
    "the socket breaks": [Fault.DISCONNECT],
    "the socket breaks, and REST asks to slow down": [Fault.DISCONNECT, Fault.SLOW_DOWN],
}


@pytest.mark.parametrize("faults", FAULTS.values(), ids=FAULTS)
async def test_live_trades_come_once_and_in_order(live: FeedRig, faults: list[Fault]) -> None:
    assert live.listeners is not None
    listening = asyncio.create_task(live.listen(minutes_ago(4), 9))
    await asyncio.wait_for(live.listeners.joined.wait(), 10)
    live.exchange.faults[:] = faults
    for price in (110.0, 111.0, 112.0, 113.0):
        live.trade(price)
        await asyncio.sleep(0)
    await listening
    live.check()
    assert live.exchange.faults == []


async def test_a_lost_message_is_found_by_its_number() -> None:
    async with LIVE_FEEDS["ccxt"]() as live:
        assert live.listeners is not None
        listening = asyncio.create_task(live.listen(minutes_ago(4), 8))
        await asyncio.wait_for(live.listeners.joined.wait(), 10)
        live.trade(110.0)
        live.exchange.faults[:] = [Fault.SWALLOW]
        live.trade(111.0)
        live.trade(112.0)
        await listening
        live.check()


async def test_a_long_absence_is_filled_by_minute_bars(live: FeedRig) -> None:
    """The bar that comes out is that of the tape, though the prints within are made up."""
    minute = minutes_ago(20)
    live.exchange.tape.clear()
    for second, price in ((1, 100.0), (20, 103.0), (30, 99.0), (50, 101.0), (55, 102.0)):
        live.exchange.now = lambda second=second: minute + timedelta(seconds=second)
        live.trade(price)
    await live.listen(minutes_ago(60), 4)
    always = msgspec.structs.replace(live.feed.instruments[0], calendar="24/7")
    builder = BarBuilder([always])
    assert {builder.take(one) for one in live.told} == {None}
    end = minute + timedelta(minutes=1)
    (closed,) = [one for one in builder.advance(to_ns(end)) if one.interval is Interval.MINUTE]
    bar = closed.bars[0]
    assert (bar.open, bar.high, bar.low, bar.close) == (100.0, 103.0, 99.0, 102.0)
    assert bar.volume == 5.0
