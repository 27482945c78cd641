"""Builders for the pod's tests: plans, seats, bars, and a pod in this process with real agents."""

import asyncio
import contextlib
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from ai_pod.agents.messages import AgentContext, FrameSent
from ai_pod.contracts import keys
from ai_pod.contracts.agents import AgentName
from ai_pod.contracts.client import PodUnavailable
from ai_pod.contracts.plan import Phase, Plan, Segment
from ai_pod.contracts.seats import PodSeats, RiskProfile, Seat
from ai_pod.contracts.signals import Decision
from ai_pod.orchestrator.options import PodOptions
from ai_pod.orchestrator.orchestrator import Orchestrator
from ai_pod.orchestrator.processes import MODULES, Argv
from ai_pod.telemetry import Telemetry
from market import keys as market_keys
from market.clock import Anchor
from market.words import Bar, BarsClosed, Interval

POD, POOL = "pod-t", "XNYS"
OPEN = datetime(2012, 10, 15, 14, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
INSTRUMENTS = ("XNYS:AAPL", "XNYS:IBM")


def segment(phase: Phase, starts: datetime, ends: datetime) -> Segment:
    return Segment(phase=phase, starts=starts, ends=ends, reason=f"test: {phase}")


def plan(*segments: Segment, version: int = 1, pool: str = POOL) -> Plan:
    return Plan(pool=pool, version=version, computed_at=OPEN, segments=segments)


def always(phase: Phase, *, version: int = 1) -> Plan:
    day = timedelta(days=1)
    return plan(segment(phase, OPEN - day, OPEN + 30 * day), version=version)


def seat(desk: str = "desk-1", **other: Any) -> Seat:
    fields: dict[str, Any] = {
        "organisation": "org-1",
        "seat": 0,
        "lease_epoch": 1,
        "instruments": INSTRUMENTS,
        "interval": Interval.MINUTE,
        "policy_line": "line-1",
        "policy_version": "rule:equal-weight@1",
        "risk_profile": RiskProfile.BALANCED,
    }
    return Seat(desk=desk, **(fields | other))


def bars(end: datetime, closes: Iterable[float] = (100.0, 200.0), **other: Any) -> BarsClosed:
    """One bar of each instrument, flat at its close."""
    interval = other.get("interval", Interval.MINUTE)
    instruments = other.get("instruments", INSTRUMENTS)
    made = tuple(
        Bar(
            instrument=instrument,
            interval=interval,
            start=end - interval.length,
            end=end,
            open=close,
            high=close,
            low=close,
            close=close,
            volume=1.0,
            synthetic=True,
        )
        for instrument, close in zip(instruments, closes, strict=True)
    )
    return BarsClosed(interval=interval, end=end, bars=made)


async def until(
    check: Callable[[], Awaitable[object]] | Callable[[], object], seconds: float = 60.0
) -> None:
    """Wait until the check holds; fail when it has not within so many seconds."""
    deadline = time.monotonic() + seconds
    while True:
        held = check()
        if isinstance(held, Awaitable):
            held = await held
        if held:
            return
        assert time.monotonic() < deadline, f"not within {seconds} s: {check}"
        await asyncio.sleep(0.01)


async def answered(call: Callable[[], Awaitable[object]]) -> None:
    """Call a pod until it answers: one on a busy machine may not do so in time."""

    async def called() -> bool:
        try:
            await call()
        except PodUnavailable:
            return False
        return True

    await until(called)


def little(name: AgentName) -> Argv:
    return (sys.executable, "-m", "tests.support.little_agent", str(name))


@dataclass
class Stage:
    """What a test plays on: Redis, the market's clock, and what the pod has logged and sent."""

    redis: Redis
    url: str
    folder: Path
    speed: float = 60.0
    began: float = field(default_factory=time.time)
    frames: list[FrameSent] = field(default_factory=list)

    @property
    def clock(self) -> str:
        return str(Anchor(market=OPEN, wall=self.began, speed=self.speed))

    def context(self, pod: str = POD) -> AgentContext:
        return AgentContext(
            pod=pod,
            pool=POOL,
            redis_url=self.url,
            vectors_url=self.url,
            artifacts=str(self.folder / "artifacts"),
            history=str(self.folder / "history"),
            clock=self.clock,
            events=str(self.folder / "events"),
            state=str(self.folder / "state"),
        )

    def orchestrator(self, pod: str = POD, **options: Any) -> Orchestrator:
        """A pod whose learning agent and chatbot are little ones, its trading agent the real."""
        argvs: dict[AgentName, Argv] = dict(MODULES)
        for name in (AgentName.LEARNING, AgentName.CHATBOT):
            argvs[name] = little(name)
        usual = {"address": "http://pod", "retry_seconds": 1.0, "argvs": argvs}
        # A start that a busy machine draws out is not to be begun anew.
        usual["cold_seconds"] = 60.0
        redis = Redis.from_url(self.url, retry=Retry(NoBackoff(), 0))
        return Orchestrator(
            self.context(pod),
            redis,
            PodOptions(**(usual | options)),
            self.frames.append,
            Telemetry(),
        )

    async def announce(self, plan: Plan) -> None:
        await self.redis.set(keys.plan(plan.pool), plan.encode())
        await self.redis.publish(keys.plan_announcements(), plan.pool)

    async def sit(self, *seats: Seat, revision: int = 1, pod: str = POD) -> None:
        record = PodSeats(pod=pod, revision=revision, seats=seats)
        await self.redis.set(keys.seats(pod), msgspec.json.encode(record))

    async def close(self, closed: BarsClosed) -> None:
        entry = {market_keys.FIELD: msgspec.json.encode(closed)}
        await self.redis.xadd(market_keys.bars(closed.interval), entry)

    async def decisions(self) -> list[Decision]:
        entries = await self.redis.xrange(keys.decisions())
        return [msgspec.json.decode(fields[b"j"], type=Decision) for _, fields in entries]

    async def decided(self) -> list[tuple[str, datetime]]:
        """(desk, bar end) of every decision published, in order."""
        return [(d.desk, d.bar_end) for d in await self.decisions()]

    def events(self, name: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        for path in sorted((self.folder / "events").glob("*.jsonl")):
            lines = [msgspec.json.decode(line) for line in path.read_bytes().splitlines()]
            found += [line for line in lines if line["event"] == name]
        return sorted(found, key=lambda line: line["at"])


@contextlib.asynccontextmanager
async def running(orchestrator: Orchestrator) -> AsyncIterator[Orchestrator]:
    """The pod's loops, ended with its agents; a failure of the loops fails the test."""
    work = asyncio.create_task(orchestrator.run(), name="orchestrator")
    try:
        yield orchestrator
    finally:
        failed = work.done() and not work.cancelled() and work.exception()
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)
        await orchestrator.end()
        assert not failed, failed


async def holds(orchestrator: Orchestrator, phase: Phase, seconds: float = 60.0) -> None:
    """Wait until the phase has been committed and its agent works."""

    def held() -> bool:
        record = orchestrator.records.record
        names = {Phase.TRADING: AgentName.TRADING, Phase.LEARNING: AgentName.LEARNING}
        agent = names.get(phase)
        active = agent is None or orchestrator.agents[agent].state == "active"
        return record.phase is phase and active

    await until(held, seconds)
