"""Every participant of a switch struck down at every instant of it: the table of cases, and the
stage on which many of them are played at the same time.
"""

import asyncio
import contextlib
import math
import multiprocessing
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from redis.asyncio import Redis

from ai_pod.agents.messages import AgentContext
from ai_pod.contracts import keys
from ai_pod.contracts.plan import Phase
from market.clock import Anchor, Clock
from market.eventlog import EventLog
from shiftdesk.local.processes import free_port
from shiftdesk.local.stores import RedisStore
from tests.support import history
from tests.support.build_pod import OPEN, POD, POOL, plan, segment
from tests.support.doomed_pod import STRUCK, Doom, live
from tests.support.faults.machine import measured
from tests.support.history import holding
from tests.support.stores import Running

INSTANTS: dict[str, tuple[str, ...]] = {
    "before warm": ("pod", "a", "b", "redis"),
    "after warm": ("pod", "a", "b", "redis"),
    "before quiesce": ("pod", "a", "b", "redis"),
    "before hand off": ("pod", "a", "b", "redis"),
    "before commit": ("pod", "a", "b", "redis", "disk"),
    "after commit": ("pod", "a", "b", "redis"),
    "before activate": ("pod", "a", "b", "redis"),
    "after activate": ("pod", "b", "redis"),
    "after end": ("pod", "b", "redis"),
}
"""The instants of a switch from A to B, in order, and who of the participants is there."""

FROZEN = (("before quiesce", "a"), ("before warm", "b"), ("before activate", "b"))
"""Agents that hang rather than die."""

LANES = 12
MACHINE = "machine"
SPEED = 60.0
SWITCH_AFTER_SECONDS = 1.5
LIFELIKE_SECONDS = 11.0
"""In real time learning is told to stop ten seconds before the open."""

STEADY_SECONDS = 0.4
PATIENCE_SECONDS = 45.0
RESTART_SECONDS = 0.1
REDIS_AWAY_SECONDS = 1.0


def cases() -> Iterator[Doom]:
    """Learning hands nothing off through Redis, so that instant does not come in its switch."""
    for to in (Phase.LEARNING, Phase.TRADING):
        for instant, victims in INSTANTS.items():
            if instant == "before hand off" and to is Phase.TRADING:
                continue
            yield from (Doom(instant, victim, to) for victim in victims)
        yield from (Doom(instant, victim, to, frozen=True) for instant, victim in FROZEN)


STUBBORN = Doom("at no time", "nobody", Phase.TRADING, stubborn=True)
"""Learning that goes on and on."""


@dataclass(frozen=True)
class Outcome:
    """What came of a case. `late_seconds`: from the planned instant until B worked; `machine`: what
    was measured of it meanwhile.
    """

    struck: bool
    faults: tuple[str, ...]
    neither_seconds: float
    late_seconds: float
    lives: int
    a_acted_after: bool
    machine: list[history.Event]


async def play_all(dooms: list[Doom], root: Path) -> dict[Doom, Outcome]:
    """Play the cases, so many at a time, each lane with a Redis of its own."""
    waiting, found = list(dooms)[::-1], {}
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.support.doomed_pod"])

    async def lane(number: int) -> None:
        async with _redis(root / f"redis-{number}") as redis:
            while waiting:
                doom = waiting.pop()
                folder = root / f"case-{len(waiting)}"
                found[doom] = await _Play(doom, folder, redis, root / MACHINE).run()

    with measured(root / MACHINE, Clock()):
        async with asyncio.TaskGroup() as lanes:
            for number in range(min(LANES, len(dooms))):
                lanes.create_task(lane(number), name=f"lane-{number}")
    return found


@contextlib.asynccontextmanager
async def _redis(folder: Path) -> AsyncIterator[Running]:
    running = Running(RedisStore(folder, free_port()), folder.with_suffix(".log"))
    await asyncio.to_thread(running.start)
    try:
        yield running
    finally:
        running.kill()


class _Play:
    """One case, in a folder of its own."""

    def __init__(self, doom: Doom, folder: Path, redis: Running, machine: Path) -> None:
        assert isinstance(redis.store, RedisStore)
        self._doom, self._folder, self._redis, self._url = doom, folder, redis, redis.store.url
        self._speed, self._ahead = SPEED, SWITCH_AFTER_SECONDS
        if doom.stubborn:
            self._speed, self._ahead = 1.0, LIFELIKE_SECONDS
        self._clock = Clock(Anchor(market=OPEN, wall=time.time(), speed=self._speed))
        self._switch_at = math.inf
        self._events = EventLog(folder / "events", "play", self._clock)
        self._log = history.Log(folder / "events")
        self._machine = machine
        self._lives = 0
        (folder / "state").mkdir()

    async def run(self) -> Outcome:
        async with Redis.from_url(self._url) as redis:
            await redis.flushall()
            return await self._run(redis)

    async def _run(self, redis: Redis) -> Outcome:
        await self._announce(redis, 1, OPEN + timedelta(days=1))
        keeper = asyncio.create_task(self._keep_alive(), name="keep-alive")
        watcher = asyncio.create_task(self._restart_redis(), name="restart-redis")
        try:
            await self._until(keeper, lambda: any(True for _ in holding.acts(self._read())))
            self._switch_at = time.time() + self._ahead
            await self._announce(redis, 2, self._clock.at_wall(self._switch_at))
            await self._until(keeper, self._settled)
        finally:
            if self._redis_is_dead:
                await watcher
            for task in (keeper, watcher):
                task.cancel()
            await asyncio.wait({keeper, watcher})
            self._events.close()
        return self._outcome()

    async def _until(self, keeper: asyncio.Task[None], check: Callable[[], bool]) -> None:
        """Wait for the check, but not for ever: what is not so is the outcome's to tell."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not check() and time.monotonic() < deadline:
            assert not keeper.done(), keeper
            await asyncio.sleep(0.1)

    async def _announce(self, redis: Redis, version: int, soon: datetime) -> None:
        """A holds the pod now, B from then on."""
        before = Phase.LEARNING if self._doom.to is Phase.TRADING else Phase.TRADING
        first = segment(before, OPEN - timedelta(days=1), soon)
        second = segment(self._doom.to, soon, soon + timedelta(days=1))
        planned = plan(first, second, version=version)
        self._events.write("plan_published", pool=POOL, segments=planned.segments)
        await redis.set(keys.plan(POOL), planned.encode())
        await redis.publish(keys.plan_announcements(), POOL)

    async def _keep_alive(self) -> None:
        """Start the pod, and again whenever it has died, as its supervisor would."""
        context = multiprocessing.get_context("forkserver")
        assert self._redis.process is not None
        told = (self._context(), self._doom, self._redis.process.pid)
        while True:
            process = context.Process(target=live, args=told, daemon=True)
            await asyncio.to_thread(process.start)
            self._lives += 1
            try:
                await self._death(process)
            finally:
                process.kill()
                process.join()
                process.close()
            self._events.write("pod_killed", pod=POD)
            await asyncio.sleep(RESTART_SECONDS)

    async def _death(self, process: ForkServerProcess) -> None:
        loop, died = asyncio.get_running_loop(), asyncio.Event()
        sentinel = process.sentinel
        loop.add_reader(sentinel, died.set)
        try:
            await died.wait()
        finally:
            loop.remove_reader(sentinel)

    async def _restart_redis(self) -> None:
        """A Redis that was killed comes back a little later, with what it had."""
        while not self._redis_is_dead:  # noqa: ASYNC110  # another process, no event
            await asyncio.sleep(0.05)
        await asyncio.sleep(REDIS_AWAY_SECONDS)
        await asyncio.to_thread(self._redis.start)

    @property
    def _redis_is_dead(self) -> bool:
        process = self._redis.process
        return process is None or process.poll() is not None

    def _context(self) -> AgentContext:
        return AgentContext(
            pod=POD,
            pool=POOL,
            redis_url=self._url,
            vectors_url=self._url,
            artifacts=str(self._folder / "artifacts"),
            history=str(self._folder / "history"),
            clock=str(self._clock.anchor),
            events=str(self._folder / "events"),
            state=str(self._folder / "state"),
        )

    def _settled(self) -> bool:
        """B has worked for a while, after the stroke, and still does."""
        now, struck = time.time(), self._struck_at()
        if struck is None and not self._doom.stubborn:
            return False
        acts = [s for s in holding.acts(self._read()) if s.agent == self._doom.b]
        return any(
            s.ends > max(now - STEADY_SECONDS / 2, (struck or 0.0) + STEADY_SECONDS)
            and s.ends - s.starts > STEADY_SECONDS
            for s in acts
        )

    def _struck_at(self) -> float | None:
        mark = self._folder / "state" / STRUCK
        text = mark.read_text() if mark.exists() else ""
        return float(text) if text else None

    def _read(self) -> list[history.Event]:
        return self._log.read()

    def _outcome(self) -> Outcome:
        events = self._read()
        spans = list(holding.acts(events))
        began = [s.starts for s in spans if s.agent == self._doom.b]
        last = max((s.ends for s in spans if s.agent == self._doom.b), default=0.0)
        announced = self._switch_at - self._ahead
        return Outcome(
            struck=self._struck_at() is not None,
            faults=tuple(history.judge(events).faults),
            neither_seconds=holding.longest_gap(events),
            late_seconds=max(began, default=math.inf) - self._switch_at,
            lives=self._lives,
            a_acted_after=any(s.agent == self._doom.a and s.ends > last for s in spans),
            machine=[e for e in history.read(self._machine) if e["at"] >= announced],
        )
