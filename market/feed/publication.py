"""Market data into Redis: instruments, ticks, bars once per (interval, end), the feed's state."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec
from redis.asyncio import Redis
from redis.asyncio.client import Pipeline

from market import keys
from market.calendars import from_ns, to_ns
from market.feed.bars import INTERVALS
from market.words import BarsClosed, FeedState, Instrument, Interval, Tick

KEPT = timedelta(days=2)
FEWEST_BARS_KEPT = 500
TICKS_KEPT = 1_000
TICKS_AT_ONCE = 32
"""Ticks of one instrument told in one go at most: the newest."""
STATE_LIFE_SECONDS = 10
_MS = 1_000_000

# KEYS: stream, last end. ARGV: end in ms, entries kept, field, message.
_PUBLISH_BARS = """
local last = redis.call('GET', KEYS[2])
if last and tonumber(ARGV[1]) <= tonumber(last) then return 0 end
redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[2], '*', ARGV[3], ARGV[4])
redis.call('SET', KEYS[2], ARGV[1])
return 1
"""


class Publication:
    """The market's writes. Every method may raise RedisError."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def announce(self, instruments: Iterable[Instrument]) -> None:
        """Say what is served; what was served before and is no more goes."""
        served = {one.id: msgspec.json.encode(one) for one in instruments}
        async with self._redis.pipeline(transaction=True) as pipe:
            pipe.delete(keys.instruments())
            pipe.hset(keys.instruments(), mapping=served)  # type: ignore[arg-type]  # bytes are fine
            await pipe.execute()

    async def last_ends(self) -> dict[Interval, datetime]:
        """The end of the last bar published, by interval."""
        stored = await self._redis.mget([keys.last_bar_end(interval) for interval in INTERVALS])
        return {
            interval: from_ns(int(ms) * _MS)
            for interval, ms in zip(INTERVALS, stored, strict=True)
            if ms is not None
        }

    async def forget(self) -> None:
        """Drop all bars and last prices: they are of another clock's time."""
        names = [
            name(interval) for interval in INTERVALS for name in (keys.bars, keys.last_bar_end)
        ]
        await self._redis.delete(*names, keys.last_prices())

    async def publish(
        self, ticks: list[Tick], bars: list[BarsClosed], state: FeedState | None, *, fresh: bool
    ) -> list[BarsClosed]:
        """Write a batch in one round trip; the returned bars were not there before.

        Ticks that are not `fresh` only count as last prices.
        """
        async with self._redis.pipeline(transaction=False) as pipe:
            for closed in bars:
                _add_bars(pipe, closed)
            if fresh:
                _add_ticks(pipe, ticks)
            if ticks:
                last = {tick.instrument: msgspec.json.encode(tick) for tick in ticks}
                pipe.hset(keys.last_prices(), mapping=last)  # type: ignore[arg-type]  # bytes are fine
            if state is not None:
                pipe.set(keys.feed_state(), msgspec.json.encode(state), ex=STATE_LIFE_SECONDS)
            results = await pipe.execute() if len(pipe) else []
        return [closed for closed, added in zip(bars, results, strict=False) if added]


def _add_bars(pipe: Pipeline, closed: BarsClosed) -> None:
    interval = closed.interval
    kept = max(FEWEST_BARS_KEPT, KEPT // interval.length)
    end = to_ns(closed.end) // _MS
    pipe.eval(
        _PUBLISH_BARS,
        2,
        keys.bars(interval),
        keys.last_bar_end(interval),
        str(end),
        str(kept),
        keys.FIELD,
        msgspec.json.encode(closed),
    )


def _add_ticks(pipe: Pipeline, ticks: list[Tick]) -> None:
    by_instrument: dict[str, list[Tick]] = {}
    for tick in ticks:
        by_instrument.setdefault(tick.instrument, []).append(tick)
    for instrument, its in by_instrument.items():
        stream = keys.ticks(*instrument.split(":", 1))
        for tick in its[-TICKS_AT_ONCE:]:
            entry = {keys.FIELD: msgspec.json.encode(tick)}
            pipe.xadd(stream, entry, maxlen=TICKS_KEPT, approximate=True)  # type: ignore[arg-type]  # bytes are fine
