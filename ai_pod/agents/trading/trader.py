"""The trading agent: every bar of the trading hours in which one of a desk's instruments traded
becomes one decision of the desk.

Where a desk stands is a bar end, kept in Redis with the decision itself: whatever ends this process
or breaks the connection, the next bar to decide is the one after it.
"""

import asyncio
import gc
import time
from datetime import datetime
from pathlib import Path

import msgspec
import structlog
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from ai_pod.agents.agent import Link
from ai_pod.agents.messages import (
    AgentContext,
    FrameSent,
    Measured,
    Notice,
    PlanChanged,
    Progressed,
    SeatsChanged,
)
from ai_pod.agents.trading.books import DeskStore
from ai_pod.agents.trading.feed import BarFeed, decode
from ai_pod.agents.trading.guard import Guard
from ai_pod.agents.trading.history import PastCloses
from ai_pod.agents.trading.hours import TradingHours
from ai_pod.agents.trading.publishing import Publisher
from ai_pod.agents.trading.rehearsal import rehearse
from ai_pod.agents.trading.room import Room
from ai_pod.agents.trading.rounds import Rounds
from ai_pod.agents.trading.shelf import Shelf
from ai_pod.agents.trading.timings import Timings
from ai_pod.agents.trading.windows import micros
from ai_pod.contracts import keys
from ai_pod.contracts.agents import AgentName
from ai_pod.errors import HandOffFailed
from market.clock import Clock
from market.eventlog import EventLog
from market.stores import open_redis

BLOCK_MS = 100
GRACE_SECONDS = 1.5
"""How long the last bar of a trading segment is waited for before the agent is quiet."""

RETRY_SECONDS = 0.2
MARKER = "acting"
METRIC = "ai_pod_tick_to_signal_seconds"

logger = structlog.get_logger()


class TradingAgent:
    """Implements the agent's port."""

    name = AgentName.TRADING

    async def warm(self, context: AgentContext, link: Link) -> None:
        self._link = link
        self._clock: Clock = context.market_clock()
        self._redis = _client(context.redis_url)
        self._own = _client(context.redis_url, single_connection_client=True)
        folder = Path(context.events) if context.events else None
        self._events = EventLog(folder, f"trading-{context.pod}", self._clock)
        self._feed = BarFeed(self._redis)
        self._hours = TradingHours(context.pod)
        self._timings = Timings()
        store = DeskStore(self._redis)
        past = PastCloses(context.history, self._clock)
        shelf = Shelf(context.artifacts)
        self._guard = Guard(Path(context.state) / MARKER if context.state else None)
        if self._guard.suspect:
            shelf.bench(self._guard.suspect, "the agent's process ended while it was acting")
        self._room = Room(self._feed, store, shelf, past, link.start)
        self._publisher = publisher = Publisher(self._own, context.pod, self._clock.anchor)
        self._rounds = Rounds(self._room, publisher, self._hours, self._events, self._guard)
        rehearse()
        self._stop_at: float | None = None
        self._work: asyncio.Task[None] | None = None

    async def activate(self, phase_epoch: int) -> None:
        self._room.phase_epoch = phase_epoch
        # What was imported and loaded stays: the collector need not look at it while bars come.
        gc.freeze()
        self._rounds.over = False
        self._stop_at = None
        self._work = self._link.start(self._trade(), name="trade")

    async def quiesce(self, deadline_seconds: float) -> bytes:
        """Decide what is due, within the grace, then stop; the state is a hand-off of each desk."""
        self._stop_at = time.monotonic() + min(GRACE_SECONDS, deadline_seconds / 2)
        self._ending_at = self._clock.now()
        if self._work is not None:
            await self._work
        epoch = self._room.phase_epoch
        return msgspec.json.encode([b.handoff(epoch) for b in self._room.books.values()])

    async def handle(self, notice: Notice) -> None:
        match notice:
            case PlanChanged():
                self._hours.take(notice)
            case SeatsChanged(seats=seats):
                self._room.take(seats)
                if self._work is None:
                    self._link.start(self._prepare_ahead(), name="prepare")
            case _:
                pass

    async def end(self) -> None:
        if self._work is not None:
            self._work.cancel()
        self._guard.close()
        self._events.close()
        await self._own.aclose()
        await self._redis.aclose()

    async def _prepare_ahead(self) -> None:
        """While another agent holds the pod: what fails now is done when this one begins."""
        try:
            await self._publisher.prepare()
            await self._room.prepare()
        except (RedisError, OSError, HandOffFailed) as error:
            logger.warning("not_prepared_ahead", error=str(error))

    async def _trade(self) -> None:
        while not self._finished():
            try:
                await self._turn()
            except (RedisError, OSError, HandOffFailed) as error:
                logger.warning("trading_waits", error=repr(error))
                await asyncio.sleep(RETRY_SECONDS)
        self._work = None

    async def _turn(self) -> None:
        """Obey the seats, wait for bars, decide what is due."""
        await self._room.prepare()
        if not self._feed.reading:
            await asyncio.sleep(BLOCK_MS / 1000)
            return
        books = list(self._room.books.values())
        entries, snapshots = await self._feed.read(
            BLOCK_MS, [keys.desk(book.seat.desk) for book in books]
        )
        began = time.thread_time()
        for book, snapshot in zip(books, snapshots, strict=True):
            book.snapshot = snapshot
        for data in entries:
            closed = decode(data)
            if closed is not None:
                self._room.closed(closed)
        decided = await self._rounds.decide_due()
        spent = time.thread_time() - began
        for frame in decided.frames:
            await self._link.send(FrameSent(frame=msgspec.Raw(frame), decision=True))
        if decided.count:
            await self._tell(spent, decided.count, decided.signalled)

    async def _tell(self, cpu_seconds: float, count: int, signalled: int) -> None:
        """Timings of bars that led to a signal."""
        if signalled:
            each = self._timings.add(cpu_seconds, count, signalled)
            await self._link.send(Measured(metric=METRIC, seconds=(each,) * signalled))
        detail = f"{len(self._room.books)} desks"
        await self._link.send(Progressed(detail=detail, figures=self._timings.figures()))

    def _finished(self) -> bool:
        if self._rounds.over:
            return True
        if self._stop_at is None:
            return False
        return time.monotonic() >= self._stop_at or self._all_decided(self._ending_at)

    def _all_decided(self, now: datetime) -> bool:
        """Every bar that ended in the trading hours by `now` has come."""
        dues = {interval: self._hours.due(interval, now) for interval in self._room.intervals}
        return all(
            due is None or self._room.last_end(interval) >= micros(due)
            for interval, due in dues.items()
        )


def _client(url: str, *, single_connection_client: bool = False) -> Redis:
    """Fails at once when Redis is away: the agent's own loop tries again, where it knows what was
    done. A connection of one's own is not looked up in the pool for every call.
    """
    return open_redis(
        url,
        seconds=5.0,
        retry=Retry(NoBackoff(), 0),
        single_connection_client=single_connection_client,
    )
