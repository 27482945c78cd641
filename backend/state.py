"""What a running back end holds: one object, opened with the app and handed to whoever needs it."""

import asyncio
import time
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from functools import partial
from types import TracebackType
from typing import Any, Self

import httpx
from redis.asyncio import Redis
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker

from backend.database import open_engine
from backend.look import Look, look
from backend.models import new_id
from backend.recent import Recent
from backend.settings import Settings
from backend.stops import Stops
from market.clock import Clock
from market.eventlog import EventLog
from market.stores import open_redis

REDIS_TIMEOUT_SECONDS = 20
"""Longer than any blocking read; a read blocks for `BLOCK_MS` at most."""

HTTP_TIMEOUT = httpx.Timeout(10.0, connect=3.0)
"""For calls of other services that say nothing else."""

BLOCK_MS = 5_000

STEP_GRACE_SECONDS = 1.0
"""A loop's step may go on for so long after the end has begun."""

CANCEL_AGAIN_SECONDS = 0.5
"""Python 3.11's `asyncio.wait_for`, in which psycopg waits, loses a cancellation that comes at the
moment of the answer; so whoever is still there is cancelled again.
"""

LOOK_SECONDS = 0.5
"""How old heartbeats may be for whoever comes and wants a seat."""

HASHES_AT_ONCE = 4
"""Checking a password takes 64 MB, so a flood of sign-ins queues."""


class Tasks:
    """Work that outlives a request, named; ended in order with the service.

    Whatever is started here handles its own failures: one that escapes ends the service. Loops
    stop by themselves once `stopping` is set; the rest is cancelled.
    """

    def __init__(self) -> None:
        self.stopping = asyncio.Event()
        self._group = asyncio.TaskGroup()
        self._running: set[asyncio.Task[None]] = set()
        self._busy: dict[asyncio.Task[Any] | None, float] = {}

    async def __aenter__(self) -> Self:
        await self._group.__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stopping.set()
        for task in self._running - self._busy.keys():
            task.cancel()
        if self._running:
            await asyncio.wait(self._running, timeout=STEP_GRACE_SECONDS)
        while self._running:
            for task in self._running:
                task.cancel()
            await asyncio.wait(self._running, timeout=CANCEL_AGAIN_SECONDS)
        await self._group.__aexit__(kind, error, trace)

    def start(self, work: Coroutine[Any, Any, None], *, name: str) -> asyncio.Task[None]:
        task = self._group.create_task(work, name=name)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return task

    @contextmanager
    def step(self) -> Iterator[None]:
        """What the current task does within may finish when the service ends, if it is quick.

        A query that is cancelled costs its connection, so steps in Postgres run in here.
        """
        task = asyncio.current_task()
        self._busy[task] = time.monotonic()
        try:
            yield
        finally:
            self._busy.pop(task, None)

    def stuck(self, seconds: float) -> list[str]:
        """The tasks whose step has been going on for longer."""
        long_ago = time.monotonic() - seconds
        return sorted(task.get_name() for task, at in self._busy.items() if task and at < long_ago)

    async def done(self, prefix: str, seconds: float) -> None:
        """Wait for the tasks of these names, so long at most."""
        waited = {task for task in self._running if task.get_name().startswith(prefix)}
        if waited:
            await asyncio.wait(waited, timeout=seconds)


@dataclass(frozen=True)
class State:
    """`name` tells this process from other back ends."""

    name: str
    settings: Settings
    engine: AsyncEngine
    sessions: async_sessionmaker[AsyncSession]
    redis: Redis
    http: httpx.AsyncClient
    clock: Clock
    events: EventLog
    tasks: Tasks
    stops: Stops
    hashing: asyncio.Semaphore
    living_pods: Recent[Look]


@asynccontextmanager
async def open_state(settings: Settings) -> AsyncIterator[State]:
    """Open connections and the task group; at the end cancel what still runs and close them."""
    clock = Clock.parse(settings.clock)
    events = EventLog(settings.events, "backend", clock)
    engine = open_engine(settings.database, connections=settings.database_connections)
    redis = open_redis(settings.redis, seconds=REDIS_TIMEOUT_SECONDS)
    try:
        async with redis, httpx.AsyncClient(timeout=HTTP_TIMEOUT) as http, Tasks() as tasks:
            yield State(
                name=new_id("backend"),
                settings=settings,
                engine=engine,
                sessions=async_sessionmaker(engine, expire_on_commit=False),
                redis=redis,
                http=http,
                clock=clock,
                events=events,
                tasks=tasks,
                stops=Stops(),
                hashing=asyncio.Semaphore(HASHES_AT_ONCE),
                living_pods=Recent(partial(look, redis), LOOK_SECONDS),
            )
    finally:
        await engine.dispose()
        events.close()
