"""The pod's copy of the plan: it goes on by it while Redis or the scheduler is away."""

from datetime import datetime

import msgspec
import structlog
from redis.asyncio import Redis

from ai_pod.contracts import keys
from ai_pod.contracts.plan import Phase, Plan, Segment

logger = structlog.get_logger()

NO_PLAN = "no plan reaches to now"


class PlanCopy:
    """Holds the newest plan of a pool that was seen; a lower version is refused."""

    def __init__(self, pool: str, pod: str, redis: Redis) -> None:
        self._pool = pool
        self._pod = pod
        self._redis = redis
        self.plan: Plan | None = None

    async def fetch(self) -> bool:
        """Read Redis; True if the plan is new. Raises redis' errors."""
        data = await self._redis.get(keys.plan(self._pool))
        return data is not None and self.offer(data)

    def offer(self, data: bytes | str) -> bool:
        """Take a plan unless it is older than ours, or cannot be read; True if it is new."""
        try:
            plan = msgspec.json.decode(data, type=Plan)
        except msgspec.DecodeError as error:
            logger.warning("plan_unreadable", pool=self._pool, error=str(error))
            return False
        ours = self.plan
        if ours is not None and plan.version < ours.version:
            logger.warning("plan_refused", version=plan.version, ours=ours.version)
            return False
        if plan == ours:
            return False
        self.plan = plan
        logger.info("plan_taken", pool=self._pool, version=plan.version)
        return True

    @property
    def version(self) -> int:
        return self.plan.version if self.plan else 0

    def segment_at(self, now: datetime) -> Segment | None:
        return self.plan.segment_at(self._pod, now) if self.plan else None

    def wanted_at(self, now: datetime) -> Phase:
        """The phase that the plan wants; PAUSED where it says nothing."""
        segment = self.segment_at(now)
        return segment.phase if segment else Phase.PAUSED

    def reason_at(self, now: datetime) -> str:
        segment = self.segment_at(now)
        return segment.reason if segment else NO_PLAN

    def next_after(self, now: datetime) -> Segment | None:
        return self.plan.next_after(self._pod, now) if self.plan else None
