"""A live feed: a vendor's prints in order and once each, without gaps, as far as the vendor tells.

Prints wait a moment for those that overtook them. After a disconnection, or where numbers are
missing, time stands still until REST has told what was missed: whoever reads sees that the feed is
behind, and bars close late rather than wrong.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, Iterable
from contextlib import aclosing
from datetime import datetime

import structlog

from market.calendars import from_ns, to_ns
from market.clock import Clock
from market.errors import FeedError, VendorAway
from market.feed.grid import SECOND_NS, Grid, session_open
from market.feed.port import Batch
from market.feed.source import Print, Source
from market.words import Interval, Tick

MINUTE_NS = 60 * SECOND_NS
HOLD_SECONDS = 0.5
PAUSE_SECONDS = 0.1
BY_MINUTES_NS = 10 * MINUTE_NS
"""A longer absence is filled by minute bars but for its ends."""

SHORTEST_RETRY_SECONDS = 0.2
LONGEST_RETRY_SECONDS = 30.0

logger = structlog.get_logger()


class LiveFeed:
    """A feed out of a live source. One reader at a time."""

    recorded: Interval | None = None

    def __init__(self, source: Source, clock: Clock, hold_seconds: float = HOLD_SECONDS) -> None:
        if clock.speed != 1:
            raise FeedError(f"{source.name} is live: run it on the clock `wall`")
        self._source = source
        self._clock = clock
        self._hold = hold_seconds
        self.name, self.instruments = source.name, source.instruments
        self._grids = [Grid(name) for name in sorted({one.calendar for one in self.instruments})]
        self._forget(0)

    def opening(self, instant: datetime) -> datetime:
        return session_open(self._grids, instant)

    async def batches(self, since: datetime) -> AsyncGenerator[Batch, None]:
        self._forget(to_ns(since))
        reading = asyncio.create_task(self._read(), name="feed-stream")
        filling: asyncio.Task[None] | None = None
        try:
            while True:
                if filling is None or filling.done():
                    self._look_for_gaps()
                    if self._connected and not self._whole:
                        filling = asyncio.create_task(self._fill(), name="feed-fill")
                yield self._batch()
                await asyncio.sleep(PAUSE_SECONDS)
        finally:
            tasks = [task for task in (reading, filling) if task is not None]
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)
            await self._source.close()

    def _forget(self, played: int) -> None:
        self._played = played
        self._connected = self._whole = False
        self._lives = 0
        self._waiting: dict[tuple[str, str], Print] = {}
        self._last: dict[str, int] = {}
        self._missing: dict[tuple[str, int], float] = {}
        self._retry = SHORTEST_RETRY_SECONDS

    def _batch(self) -> Batch:
        """What has waited long enough; nothing while something is missing."""
        until = to_ns(self._clock.now()) - int(self._hold * SECOND_NS)
        if not self._whole or until <= self._played:
            return Batch([], from_ns(self._played))
        due = sorted(
            (one for one in self._waiting.values() if one.at < until),
            key=lambda one: (one.at, one.instrument, one.number, one.key),
        )
        for one in due:
            del self._waiting[one.instrument, one.key]
        self._played = until
        return Batch([_tick(one) for one in due], from_ns(until))

    async def _read(self) -> None:
        """Listen for ever; each connection begins with something missing."""
        while True:
            pause = self._retry
            try:
                async with aclosing(self._source.stream()) as stream:
                    async for prints in stream:
                        self._connected, self._retry = True, SHORTEST_RETRY_SECONDS
                        self._take(prints)
            except VendorAway as error:
                pause = max(pause, error.retry_seconds)
                logger.warning("feed_away", feed=self.name, error=str(error), retry_seconds=pause)
            except Exception:
                logger.exception("feed_stream_failed", feed=self.name)
            self._connected = self._whole = False
            self._lives += 1
            self._last.clear()
            self._missing.clear()
            self._retry = min(2 * self._retry, LONGEST_RETRY_SECONDS)
            await asyncio.sleep(pause)

    def _take(self, prints: Iterable[Print]) -> None:
        for one in prints:
            if one.at >= self._played:
                self._waiting[one.instrument, one.key] = one
            if one.number:
                self._follow(one)

    def _follow(self, one: Print) -> None:
        """Note the numbers between the last print and this one: they are late, or lost."""
        self._missing.pop((one.instrument, one.number), None)
        last = self._last.get(one.instrument)
        if last is not None:
            for number in range(last + 1, one.number):
                self._missing[one.instrument, number] = time.monotonic()
        self._last[one.instrument] = max(one.number, last or 0)

    def _look_for_gaps(self) -> None:
        oldest = min(self._missing.values(), default=None)
        if oldest is not None and time.monotonic() - oldest > self._hold / 2:
            logger.warning("feed_gap", feed=self.name, missing=len(self._missing))
            self._missing.clear()
            self._whole = False

    async def _fill(self) -> None:
        """Take by REST what was traded since the last batch; a new disconnection undoes it."""
        life, start, end = self._lives, self._played, to_ns(self._clock.now())
        try:
            if end - start > BY_MINUTES_NS:
                first, last = -(-start // MINUTE_NS) * MINUTE_NS, (end // MINUTE_NS - 1) * MINUTE_NS
                prints = await self._source.trades(start, first)
                prints += await self._source.minutes(first, last)
                prints += await self._source.trades(last, end)
                for key in [key for key, one in self._waiting.items() if one.at < last]:
                    del self._waiting[key]
            else:
                prints = await self._source.trades(start, end)
        except VendorAway as error:
            pause = max(error.retry_seconds, SHORTEST_RETRY_SECONDS)
            logger.warning("feed_fill_away", feed=self.name, error=str(error), retry_seconds=pause)
            await asyncio.sleep(pause)
            return
        for one in prints:
            self._waiting.setdefault((one.instrument, one.key), one)
        self._whole = life == self._lives


def _tick(one: Print) -> Tick:
    return Tick(instrument=one.instrument, at=from_ns(one.at), price=one.price, size=one.size)
