"""The one writer of market data: takes a feed's ticks, closes bars, publishes both.

Bars are never lost or doubled: whoever starts anew, or finds Redis back, plays again from the last
end that Redis knows. Ticks are snapshots: those of the past are not told.
"""

import asyncio
import time
from contextlib import aclosing
from datetime import datetime, timedelta

import structlog
from redis.exceptions import RedisError

from market.calendars import to_ns
from market.clock import Clock
from market.eventlog import EventLog
from market.feed.bars import INTERVALS, BarBuilder
from market.feed.port import Batch, Feed
from market.feed.publication import KEPT, Publication
from market.telemetry import Telemetry
from market.words import BarsClosed, FeedState, Interval, Tick

FRESH_SECONDS = 2.0
BEAT_SECONDS = 1.0
SHORTEST_RETRY_SECONDS = 0.1
LONGEST_RETRY_SECONDS = 2.0
SKEW_SECONDS = 5.0
"""Real seconds by which the clocks of two machines may differ."""

logger = structlog.get_logger()


class Gateway:
    """Publishes a feed; `state` is what it said last, `connected` whether that arrived, and
    `turned_at` (monotonic) when it last tried.
    """

    def __init__(
        self,
        feed: Feed,
        publication: Publication,
        clock: Clock,
        events: EventLog,
        telemetry: Telemetry,
    ) -> None:
        self._feed = feed
        self._publication = publication
        self._clock = clock
        self._events = events
        self._telemetry = telemetry
        self._ends: dict[Interval, datetime] = {}
        self._logged: dict[Interval, datetime] = {}
        self._told: dict[str, datetime] = {}
        self.state: FeedState | None = None
        self.connected = False
        self.turned_at = time.monotonic()
        self._stopped = False

    def stop(self) -> None:
        """Have `run` end with the batch under way. Cancelling alone may be lost: Python 3.11's
        `wait_for`, in which redis-py waits, can swallow it.
        """
        self._stopped = True

    async def run(self) -> None:
        """Publish until stopped; after a failure go on from the last bar that Redis knows."""
        pause = SHORTEST_RETRY_SECONDS
        while not self._stopped:
            self.turned_at = time.monotonic()
            try:
                await self._play()
            except RedisError as error:
                logger.warning("redis is away", error=str(error), retry_seconds=pause)
            except Exception:
                logger.exception("the feed failed", retry_seconds=pause)
            pause = SHORTEST_RETRY_SECONDS if self.connected else pause
            self.connected = False
            self._telemetry.redis_up.set(0)
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_RETRY_SECONDS)

    async def _play(self) -> None:
        await self._publication.announce(self._feed.instruments)
        builder = BarBuilder(self._feed.instruments, self._feed.recorded)
        since = await self._resume()
        logger.info("playing", feed=self._feed.name, since=since)
        async with aclosing(self._feed.batches(since)) as batches:
            async for batch in batches:
                self.turned_at = time.monotonic()
                ticks = self._taken(builder, batch)
                closed = builder.advance(to_ns(batch.until))
                await self._publish(ticks, [bars for bars in closed if self._new(bars)], batch)
                self.connected = True
                if self._stopped:
                    return

    async def _resume(self) -> datetime:
        """From when to play, so that the first bars that close are the first that are missing."""
        now = self._clock.now()
        known = await self._publication.last_ends()
        slack = self._clock.market_span(SKEW_SECONDS) + timedelta(hours=1)
        if known and max(known.values()) > now + slack:
            logger.warning("market time went back: bars published later are dropped", now=now)
            await self._publication.forget()
            known = {}
        horizon = now - KEPT
        self._told = {interval.value: end for interval, end in known.items()}
        self._ends = {one: max(known.get(one, horizon), horizon) for one in INTERVALS}
        return self._feed.opening(min(self._ends.values()))

    def _taken(self, builder: BarBuilder, batch: Batch) -> list[Tick]:
        taken = []
        until = to_ns(batch.until)
        for tick in batch.ticks:
            reason = builder.take(tick, before=until)
            if reason is None:
                taken.append(tick)
            else:
                self._telemetry.rejected.labels(reason).inc()
        self._telemetry.ticks.inc(len(taken))
        return taken

    def _new(self, bars: BarsClosed) -> bool:
        return bars.end > self._ends[bars.interval]

    async def _publish(self, ticks: list[Tick], closed: list[BarsClosed], batch: Batch) -> None:
        behind = self._clock.now() - batch.until
        fresh = behind <= self._clock.market_span(FRESH_SECONDS)
        self._log(closed)
        for bars in closed:
            self._ends[bars.interval] = self._told[bars.interval.value] = bars.end
        state = self._due(batch)
        published = await self._publication.publish(ticks, closed, state, fresh=fresh)
        for bars in published:
            self._telemetry.bars.labels(bars.interval.value).inc()
        self.state = state or self.state
        self._telemetry.lag.set(max(0.0, behind.total_seconds()))
        self._telemetry.redis_up.set(1)

    def _log(self, closed: list[BarsClosed]) -> None:
        """Before they are published, so that no bar is ever seen that the log does not know."""
        for bars in closed:
            if bars.interval in self._logged and bars.end <= self._logged[bars.interval]:
                continue
            self._logged[bars.interval] = bars.end
            names = [bar.instrument for bar in bars.bars]
            self._events.write(
                "bars_closed", interval=bars.interval, end=bars.end, instruments=names
            )

    def _due(self, batch: Batch) -> FeedState | None:
        """The state, when it is time to say it again."""
        now = time.time()
        before = self.state
        if before and before.ended == batch.ended and now - before.beat < BEAT_SECONDS:
            return None
        return FeedState(
            feed=self._feed.name,
            instruments=tuple(one.id for one in self._feed.instruments),
            until=batch.until,
            beat=now,
            ended=batch.ended,
            last_bars=dict(self._told),
        )
