"""Builders of the scheduler's objects."""

import asyncio
import itertools
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta

from ai_pod.contracts.agents import PodHeartbeat, PodState
from ai_pod.contracts.plan import Phase, Plan
from market.clock import Clock
from scheduler.contracts.overrides import Override, OverrideRequest, Patch, PatchRequest
from scheduler.plan import Inputs, plan, sessions_for
from scheduler.pools import Pool, parse_pools
from scheduler.settings import Settings

NOW = datetime(2012, 10, 17, 15, 20, tzinfo=UTC)
"""A Wednesday, in New York's market session."""

HOUR = timedelta(hours=1)
ORGANISATION = "org-1"
_numbers = itertools.count(1)


class SetClock(Clock):
    """A clock that stands where it is set."""

    def __init__(self, now: datetime = NOW) -> None:
        super().__init__()
        self.instant = now

    def at_wall(self, wall: float) -> datetime:
        del wall
        return self.instant


def pool(name: str = "XNYS") -> Pool:
    return parse_pools(name)[0]


def planned(
    its_pool: Pool | str = "XNYS", inputs: Inputs | None = None, now: datetime = NOW
) -> Plan:
    its_pool = pool(its_pool) if isinstance(its_pool, str) else its_pool
    return plan(its_pool, sessions_for(its_pool, now), inputs or Inputs(1), now)


def override(
    scope: str = "all",
    phase: Phase = Phase.PAUSED,
    starts: datetime = NOW,
    hours: float = 2.0,
    ended_at: datetime | None = None,
    revision: int | None = None,
) -> Override:
    number = next(_numbers)
    return Override(
        id=f"override-{number}",
        organisation=ORGANISATION,
        scope=scope,
        phase=phase,
        starts=starts,
        ends=starts + hours * HOUR,
        reason=f"reason {number}",
        owner="olga",
        created_at=starts,
        ended_at=ended_at,
        revision=number if revision is None else revision,
    )


def patch(
    day: date,
    opens: datetime | None = None,
    closes: datetime | None = None,
    calendar: str = "XNYS",
) -> Patch:
    number = next(_numbers)
    return Patch(
        id=f"patch-{number}",
        organisation=ORGANISATION,
        calendar=calendar,
        day=day,
        opens=opens,
        closes=closes,
        reason="a storm",
        owner="olga",
        created_at=NOW,
        revision=number,
    )


def override_request(
    scope: str = "all",
    phase: Phase = Phase.PAUSED,
    starts: datetime | None = None,
    ends: datetime = NOW + 2 * HOUR,
    reason: str = "the feed is strange",
) -> OverrideRequest:
    return OverrideRequest(scope=scope, phase=phase, starts=starts, ends=ends, reason=reason)


def patch_request(
    day: date = date(2012, 10, 18),
    opens: datetime | None = None,
    closes: datetime | None = None,
    calendar: str = "XNYS",
    reason: str = "a storm is coming",
) -> PatchRequest:
    return PatchRequest(calendar=calendar, day=day, opens=opens, closes=closes, reason=reason)


def heartbeat(pod: str, phase: Phase, its_pool: str = "XNYS", now: datetime = NOW) -> PodHeartbeat:
    return PodHeartbeat(
        pod=pod,
        pool=its_pool,
        address="http://127.0.0.1:1",
        state=PodState.READY,
        phase=phase,
        phase_epoch=1,
        phase_reason="market session",
        plan_version=1,
        desks=(),
        agents=(),
        beat_at=time.time(),
        market_now=now,
        started_at=time.time(),
    )


def anchored(now: datetime = NOW, speed: float = 600.0) -> str:
    """A clock setting by which it is market time `now` at this moment."""
    wall = datetime.now(UTC).isoformat().replace("+00:00", "Z")
    return f"{now.isoformat().replace('+00:00', 'Z')}={wall}@{speed:g}"


def settings(database_url: str, redis_url: str, **others: object) -> Settings:
    told = {"database_url": database_url, "redis_url": redis_url, "clock": anchored()} | others
    return Settings.model_validate(told)


async def until(true: Callable[[], Awaitable[object]], seconds: float = 20.0) -> None:
    """Ask until it is true. Raises TimeoutError."""
    async with asyncio.timeout(seconds):
        # A store has no event of ours to wait for.
        while not await true():  # noqa: ASYNC110
            await asyncio.sleep(0.01)
