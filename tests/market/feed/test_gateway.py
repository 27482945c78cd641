"""The one writer: every bar once and in order, across restarts, two writers and a Redis away."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from redis.asyncio import Redis
from redis.exceptions import RedisError
from structlog.testing import capture_logs

from market import keys
from market.calendars import to_ns
from market.clock import Clock
from market.eventlog import EventLog
from market.feed.gateway import Gateway
from market.feed.publication import Publication
from market.feed.recordings import Demo
from market.feed.replay import Replay
from market.shipped import DEMO_INSTRUMENTS, daily_stock
from market.telemetry import Telemetry
from market.words import BarsClosed, FeedState, Instrument, Interval, Tick
from tests.support.build_market import MONDAY, Wall, clock, move_to
from tests.support.stores import Running

HOUR = timedelta(hours=1)
PER_HOUR = {"1m": 60, "5m": 12, "15m": 4, "1h": 1}


@pytest.fixture(scope="module")
def demo() -> Demo:
    return Demo()


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    client = Redis.from_url(redis_url, socket_timeout=3.0)
    yield client
    await client.aclose()


class World:
    """A market clock, and gateways that can be started and killed."""

    def __init__(self, redis: Redis, demo: Demo, folder: Path) -> None:
        self.wall = Wall()
        self.clock: Clock = clock(MONDAY, self.wall)
        self.redis = redis
        self.folder = folder
        self._demo = demo

    def gateway(self) -> Gateway:
        events = EventLog(self.folder, "market", self.clock)
        feed = Replay(self._demo, self.clock)
        return Gateway(feed, Publication(self.redis), self.clock, events, Telemetry())

    @contextlib.asynccontextmanager
    async def playing(self, gateway: Gateway) -> AsyncIterator[Gateway]:
        """Ends as kill -9 does: between two awaits, with nothing tidied."""
        task = asyncio.create_task(gateway.run(), name="gateway")
        try:
            yield gateway
        finally:
            gateway.stop()
            task.cancel()
            await asyncio.wait_for(asyncio.wait([task]), 10)

    def move_to(self, hours: float) -> None:
        """Just past so many hours after the open: bars that end then are closed."""
        move_to(self.clock, self.wall, MONDAY + hours * HOUR + timedelta(seconds=1))

    async def until(self, condition: Callable[[dict[str, list[BarsClosed]]], bool]) -> None:
        """Wait, bounded, for the streams to hold what is wanted."""
        async with asyncio.timeout(60):
            while True:
                with contextlib.suppress(RedisError):
                    if condition(await self.bars()):
                        return
                await asyncio.sleep(0.02)

    async def bars(self) -> dict[str, list[BarsClosed]]:
        """What the streams hold, by interval."""
        return {
            interval: [
                BarsClosed.decode(fields[keys.FIELD.encode()])
                for _, fields in await self.redis.xrange(keys.bars(interval))
            ]
            for interval in (*PER_HOUR, "1d")
        }

    async def closed_through(self, hours: float) -> None:
        end = MONDAY + hours * HOUR
        due = [interval for interval, count in PER_HOUR.items() if hours * count % 1 == 0]
        await self.until(lambda bars: all(bars[i] and bars[i][-1].end >= end for i in due))


@pytest.fixture
def world(redis: Redis, demo: Demo, tmp_path: Path) -> World:
    return World(redis, demo, tmp_path / "events")


def assert_whole(bars: dict[str, list[BarsClosed]], hours: int) -> None:
    """Every bar of the session's first hours, once and in order, with all instruments."""
    for interval, count in PER_HOUR.items():
        closed = bars[interval]
        length = HOUR / count
        wanted = [MONDAY + (number + 1) * length for number in range(count * hours)]
        assert [one.end for one in closed] == wanted
        assert all(len(one.bars) == 5 for one in closed)


async def test_bars_ticks_prices_and_state_are_published(world: World) -> None:
    async with world.playing(world.gateway()) as gateway:
        world.move_to(1)
        await world.closed_through(1)
        assert_whole(await world.bars(), 1)
        assert gateway.connected
    served = await world.redis.hgetall(keys.instruments())
    assert set(served) == {one.id.encode() for one in DEMO_INSTRUMENTS}
    ibm = msgspec.json.decode(served[b"XNYS:IBM"], type=Instrument)
    assert ibm.synthetic
    assert ibm.calendar == "XNYS"
    last = await world.redis.hget(keys.last_prices(), "XNYS:IBM")
    tick = msgspec.json.decode(last, type=Tick)
    assert tick.at < world.clock.now()
    assert tick.synthetic
    state = msgspec.json.decode(await world.redis.get(keys.feed_state()), type=FeedState)
    assert state.feed == "replay:demo"
    assert not state.ended
    assert 0 < await world.redis.ttl(keys.feed_state()) <= 10


async def test_fresh_ticks_are_told_and_past_ones_are_not(world: World) -> None:
    world.move_to(2)
    stream = keys.ticks("XNYS", "IBM")
    async with world.playing(world.gateway()):
        await world.closed_through(2)
        assert await world.redis.xlen(stream) <= 32
        world.move_to(2.1)
        await world.closed_through(2.1)
    newest = await world.redis.xrevrange(stream, count=1)
    tick = msgspec.json.decode(newest[0][1][keys.FIELD.encode()], type=Tick)
    assert MONDAY + 2 * HOUR < tick.at < world.clock.now()


async def test_a_killed_gateway_loses_and_doubles_nothing(world: World) -> None:
    """Killed in the middle again and again while time goes on: each bar is there once."""
    for step in range(1, 9):
        async with world.playing(world.gateway()):
            world.move_to(step * 0.5)
            await world.closed_through(step * 0.5 - 0.25)
        world.move_to(step * 0.5 + 0.3)
    async with world.playing(world.gateway()):
        await world.closed_through(4)
    bars = await world.bars()
    minutes = [one.end for one in bars["1m"]]
    assert minutes == [MONDAY + timedelta(minutes=n + 1) for n in range(len(minutes))]
    assert len(minutes) >= 240


async def test_two_gateways_publish_each_bar_once(world: World) -> None:
    async with world.playing(world.gateway()), world.playing(world.gateway()):
        for quarter in range(1, 9):
            world.move_to(quarter / 4)
            await world.closed_through(quarter / 4)
    assert_whole(await world.bars(), 2)


async def test_every_published_bar_is_in_the_event_log(world: World) -> None:
    async with world.playing(world.gateway()):
        world.move_to(1)
        await world.closed_through(1)
    async with world.playing(world.gateway()):
        world.move_to(2)
        await world.closed_through(2)
    (file,) = world.folder.iterdir()
    events = [json.loads(line) for line in file.read_text().splitlines()]
    logged = [(one["interval"], one["end"]) for one in events if one["event"] == "bars_closed"]
    assert len(logged) == len(set(logged))
    bars = await world.bars()
    ends = {(name, f"{one.end:%Y-%m-%dT%H:%M:%SZ}") for name in bars for one in bars[name]}
    assert set(logged) == ends
    assert events[0]["instruments"] == [
        "XNYS:AAPL",
        "XNYS:GOOG",
        "XNYS:IBM",
        "XNYS:MSFT",
        "XNYS:FB",
    ]


async def test_redis_may_go_and_come_back(world: World, stores: tuple[Running, Running]) -> None:
    server = stores[1]
    async with world.playing(world.gateway()):
        world.move_to(1)
        await world.closed_through(1)
        server.kill()
        world.move_to(2)
        await asyncio.to_thread(server.start)
        await world.closed_through(2)
    assert_whole(await world.bars(), 2)


async def test_without_redis_it_is_not_ready_and_tries_again(world: World) -> None:
    nowhere = Redis.from_url("redis://127.0.0.1:1", socket_timeout=1.0)
    telemetry = Telemetry()
    feed = Replay(Demo(), world.clock)
    events = EventLog(None, "market", world.clock)
    gateway = Gateway(feed, Publication(nowhere), world.clock, events, telemetry)
    with capture_logs() as logs:
        async with world.playing(gateway), asyncio.timeout(30):
            while len(logs) < 3:  # noqa: ASYNC110  # a log list has no event
                await asyncio.sleep(0.02)
    assert not gateway.connected
    assert [log["retry_seconds"] for log in logs[:3]] == [0.1, 0.2, 0.4]
    assert b"market_redis_up 0.0" in telemetry.text()
    await nowhere.aclose()


async def test_a_redis_that_forgot_everything_is_filled_again(world: World) -> None:
    async with world.playing(world.gateway()):
        world.move_to(1)
        await world.closed_through(1)
    await world.redis.flushall()
    async with world.playing(world.gateway()):
        await world.closed_through(1)
    assert_whole(await world.bars(), 1)


async def test_only_two_days_are_made_up_for(world: World) -> None:
    async with world.playing(world.gateway()):
        world.move_to(1)
        await world.closed_through(1)
    friday = MONDAY + timedelta(days=4, hours=2)
    move_to(world.clock, world.wall, friday)
    async with world.playing(world.gateway()):
        await world.until(lambda bars: bars["1m"][-1].end >= friday)
    ends = [one.end for one in (await world.bars())["15m"]]
    assert ends == sorted(set(ends))
    assert {end.date().day for end in ends} == {15, 17, 18, 19}
    assert all(end > friday - timedelta(days=2) for end in ends if end.day > 15)
    # The session that the two days begin in is played from its open: its day is whole.
    wednesday = (await world.bars())["1d"][0].of("XNYS:IBM")
    assert wednesday is not None
    recorded = daily_stock("IBM").between(to_ns(wednesday.end), to_ns(wednesday.end))
    assert [wednesday.open, wednesday.volume] == [recorded.open[0], recorded.volume[0]]


async def test_bars_of_another_clocks_future_are_dropped(world: World) -> None:
    world.move_to(24 * 30)
    async with world.playing(world.gateway()):
        await world.until(lambda bars: bool(bars["1m"]))
    world.wall.now += world.clock.real_seconds_until(MONDAY + HOUR)
    await world.redis.hset(keys.last_prices(), "XNYS:GONE", b"a price of that time")
    async with world.playing(world.gateway()):
        await world.until(lambda bars: bool(bars["1m"]) and bars["1m"][-1].end == MONDAY + HOUR)
    assert all(one.end <= MONDAY + HOUR for one in (await world.bars())["15m"])
    assert b"XNYS:GONE" not in await world.redis.hkeys(keys.last_prices())


async def test_streams_are_about_two_days_long(world: World) -> None:
    publication = Publication(world.redis)
    async with world.playing(world.gateway()), asyncio.timeout(120):
        for day in (0, 1, 2, 3, 4, 7, 8, 9):
            move_to(world.clock, world.wall, MONDAY + timedelta(days=day, hours=7))
            close = datetime(2012, 10, 15 + day, 20, tzinfo=UTC)
            while True:
                if (await publication.last_ends()).get(Interval.DAY) == close:
                    break
                await asyncio.sleep(0.02)
    assert 2_880 <= await world.redis.xlen(keys.bars("1m")) < 3_100
