"""The schedule as people look at it: plans with marks and pods, and previews."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec
import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from ai_pod.contracts.agents import PodHeartbeat
from ai_pod.contracts.directory import living_pods
from ai_pod.contracts.plan import Plan
from scheduler import overrides
from scheduler.audit import Author
from scheduler.contracts.overrides import OverrideRequest
from scheduler.contracts.schedule import Preview, ScheduleView
from scheduler.lateness import Lateness
from scheduler.marks import marks
from scheduler.plan import horizon
from scheduler.planner import Planner
from scheduler.preview import preview

logger = structlog.get_logger()


@dataclass(frozen=True)
class Views:
    """Answers from the last inputs while Postgres is away, and without pods while Redis is."""

    planner: Planner
    lateness: Lateness
    redis: Redis

    async def schedule(self, hours: int) -> ScheduleView:
        """The plans from a day back to `hours` ahead; the last segment is whole."""
        now = self.planner.clock.now()
        inputs = await self.planner.refresh()
        ends = now + timedelta(hours=hours)
        plans = self.planner.outlook(now, timedelta(hours=hours + 1))
        by_name = {pool.name: pool for pool in self.planner.pools}
        return ScheduleView(
            now=now,
            speed=self.planner.clock.speed,
            plans=tuple(_until(plan, ends) for plan in plans),
            marks={
                plan.pool: marks(
                    by_name[plan.pool],
                    inputs.patches,
                    horizon(now)[0],
                    min(ends, plan.segments[-1].ends),
                )
                for plan in plans
            },
            pods=self.lateness.compare(await self._pods(), plans),
        )

    async def preview(self, request: OverrideRequest, author: Author) -> Preview:
        """What the override would change if it were set now. Raises Invalid as setting it does."""
        now = author.market_now
        inputs = await self.planner.refresh()
        checked = overrides.check(request, [pool.name for pool in self.planner.pools], now)
        proposed = overrides.proposed(checked, author, inputs.revision + 1)
        pools = self.planner.pools
        pod = checked.scope.removeprefix("pod:") if checked.scope.startswith("pod:") else None
        if pod is None:
            return preview(pools, inputs, proposed, now)
        theirs = {beat.pod: beat.pool for beat in await self._pods()}
        its_pools = [pool for pool in pools if theirs.get(pod, pool.name) == pool.name]
        found = preview(its_pools, inputs, proposed, now)
        if pod in theirs:
            return found
        warning = f"no pod {pod} is alive now; the override would hold if one of that name comes"
        return msgspec.structs.replace(found, warnings=(warning, *found.warnings))

    async def _pods(self) -> list[PodHeartbeat]:
        try:
            return await living_pods(self.redis)
        except (RedisError, OSError) as error:
            logger.warning("Redis is away; the view shows no pods", error=repr(error))
            return []


def _until(plan: Plan, ends: datetime) -> Plan:
    return msgspec.structs.replace(
        plan,
        segments=tuple(segment for segment in plan.segments if segment.starts < ends),
        exceptions={
            pod: tuple(segment for segment in segments if segment.starts < ends)
            for pod, segments in plan.exceptions.items()
        },
    )
