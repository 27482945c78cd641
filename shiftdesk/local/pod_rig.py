"""Real pods on a real Redis, with plan, seats and bars put there by hand.

The rig of benches and fault tests.
"""

import asyncio
import contextlib
import secrets
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import numpy as np
from redis.asyncio import Redis

from ai_pod.contracts import keys
from ai_pod.contracts.agents import PodHeartbeat
from ai_pod.contracts.plan import Phase, Plan, Segment
from ai_pod.contracts.seats import PodSeats, RiskProfile, Seat
from market import keys as market_keys
from market.clock import Anchor, Clock
from market.eventlog import EventLog
from market.tasks import told_to_end
from market.words import Bar, BarsClosed, Interval
from shiftdesk.local import services
from shiftdesk.local.processes import free_port
from shiftdesk.local.stores import RedisStore
from shiftdesk.local.supervisor import Supervisor

POD = "pod-rig-1"
INSTRUMENTS = ("XNYS:AAPL", "XNYS:GOOG", "XNYS:IBM", "XNYS:MSFT")
ORGANISATION = "00000000-0000-0000-0000-0000000000be"
STEP_VOLATILITY = 0.004


@dataclass
class Rig:
    """The pods, their Redis, and the hand that feeds them. A pod that is not named is the first."""

    folder: Path
    clock: Clock
    redis: Redis
    supervisor: Supervisor
    events: EventLog
    environment: dict[str, str]
    plan_version: int = 0
    revision: int = 0
    leases: int = 0
    prices: np.ndarray[tuple[int], np.dtype[np.float64]] = field(
        default_factory=lambda: np.array([90.0, 700.0, 200.0, 30.0])
    )
    generator: np.random.Generator = field(default_factory=lambda: np.random.default_rng(7))

    async def publish_plan(
        self,
        segments: Sequence[Segment],
        exceptions: Mapping[str, Sequence[Segment]] | None = None,
    ) -> None:
        """The pool's segments; `exceptions` are those of single pods."""
        self.plan_version += 1
        of_pods = {pod: tuple(its) for pod, its in (exceptions or {}).items()}
        plan = Plan(
            pool="XNYS",
            version=self.plan_version,
            computed_at=self.clock.now(),
            segments=tuple(segments),
            exceptions=of_pods,
            warm_up_seconds=60.0,
            flush_seconds=60.0,
        )
        self.events.write(
            "plan_published",
            pool="XNYS",
            version=plan.version,
            segments=plan.segments,
            exceptions=of_pods,
        )
        await self.redis.set(keys.plan("XNYS"), plan.encode())
        await self.redis.publish(keys.plan_announcements(), "XNYS")

    async def seat(
        self, desks: Sequence[str], interval: Interval, policy: str, pod: str = POD
    ) -> None:
        self.revision += 1
        first = self.leases + 1
        self.leases += len(desks)
        now = self.clock.now()
        seats = tuple(
            Seat(
                desk=desk,
                organisation=ORGANISATION,
                seat=number,
                lease_epoch=first + number,
                instruments=INSTRUMENTS,
                interval=interval,
                policy_line="XNYS/AAPL+GOOG+IBM+MSFT/15m/balanced",
                policy_version=policy,
                resume_after=now,
                risk_profile=RiskProfile.BALANCED,
            )
            for number, desk in enumerate(desks)
        )
        for seat in seats:
            self.events.write(
                "desk_seated",
                desk=seat.desk,
                pod=pod,
                seat=seat.seat,
                lease_epoch=seat.lease_epoch,
                instruments=seat.instruments,
                interval=seat.interval,
                resume_after=now,
            )
        record = PodSeats(pod=pod, revision=self.revision, seats=seats)
        await self.redis.set(keys.seats(pod), msgspec.json.encode(record))

    async def close_bars(self, end: datetime, interval: Interval) -> None:
        """Publish one bar of every instrument: a random walk with a seed."""
        steps = self.generator.normal(0.0, STEP_VOLATILITY, len(INSTRUMENTS))
        opens, self.prices = self.prices, self.prices * np.exp(steps)
        bars = tuple(
            Bar(
                instrument=name,
                interval=interval,
                start=end - interval.length,
                end=end,
                open=float(opens[i]),
                high=float(max(opens[i], self.prices[i])),
                low=float(min(opens[i], self.prices[i])),
                close=float(self.prices[i]),
                volume=1000.0,
                synthetic=True,
            )
            for i, name in enumerate(INSTRUMENTS)
        )
        closed = BarsClosed(interval=interval, end=end, bars=bars)
        entry = {market_keys.FIELD: msgspec.json.encode(closed)}
        await self.redis.xadd(market_keys.bars(interval), entry)  # type: ignore[arg-type]  # bytes
        self.events.write("bars_closed", interval=interval, end=end, instruments=list(INSTRUMENTS))

    async def heartbeat(self, pod: str = POD) -> PodHeartbeat | None:
        beat = await self.redis.get(keys.pod(pod))
        return msgspec.json.decode(beat, type=PodHeartbeat) if beat else None

    async def holds(self, phase: Phase, pod: str = POD) -> bool:
        """Whether the pod says that `phase` holds it."""
        beat = await self.heartbeat(pod)
        return beat is not None and beat.phase is phase

    async def start_pod(self, pod: str = POD) -> None:
        async def ready() -> bool:
            beat = await self.heartbeat(pod)
            return beat is not None and beat.state == "ready"

        await self.supervisor.start(services.pod(pod, self.environment, ready))

    async def feed(
        self,
        trading: Sequence[Segment],
        interval: Interval,
        until: datetime,
        since: datetime | None = None,
    ) -> None:
        """Close a bar at every boundary inside the trading segments, as market time reaches it;
        from now on, or those after `since` that are due at once. It ends early when cancelled.
        """
        end = boundary_after(since or self.clock.now(), interval)
        while end <= until and not told_to_end():
            await asyncio.sleep(max(0.0, self.clock.real_seconds_until(end)))
            if any(segment.starts < end <= segment.ends for segment in trading):
                await self.close_bars(end, interval)
            end += interval.length


@contextlib.asynccontextmanager
async def rig(folder: Path, start: datetime, speed: float) -> AsyncIterator[Rig]:
    """The rig without its pod; `start_pod` starts it. Everything ends with the block."""
    clock = Clock(Anchor(market=start, wall=time.time(), speed=speed))
    store = RedisStore(folder / "redis", free_port())
    supervisor = Supervisor(folder / "logs")
    events = EventLog(folder / "events", "rig", clock)
    store.prepare()
    try:
        await supervisor.start(services.redis(store))
        async with Redis.from_url(store.url) as redis:
            environment = {
                "SHIFTDESK_REDIS_URL": store.url,
                "SHIFTDESK_CLOCK": str(clock.anchor),
                "SHIFTDESK_HISTORY": str(folder / "history"),
                "SHIFTDESK_ARTIFACTS": str(folder / "artifacts"),
                "SHIFTDESK_STATE": str(folder / "pods"),
                "SHIFTDESK_EVENTS": str(folder / "events"),
                "SHIFTDESK_SECRET": secrets.token_urlsafe(32),
                "SHIFTDESK_POOL": "XNYS",
                "OMP_NUM_THREADS": "1",
            }
            yield Rig(folder, clock, redis, supervisor, events, environment)
    finally:
        await supervisor.stop_all()
        events.close()


def boundary_after(now: datetime, interval: Interval) -> datetime:
    """The next instant after `now` at which a bar of the interval ends."""
    seconds = interval.seconds
    start = now.replace(minute=0, second=0, microsecond=0)
    passed = int((now - start).total_seconds()) // seconds
    return start + timedelta(seconds=(passed + 1) * seconds)
