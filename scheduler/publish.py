"""Publishes plans to Redis, conditionally: a lower version than the published one is refused, so a
replica that lags behind harms nobody.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

import msgspec
import structlog
from redis.asyncio import Redis

from ai_pod.contracts import keys
from ai_pod.contracts.plan import Plan
from market.eventlog import EventLog

logger = structlog.get_logger()

_SCRIPT = """
local published = redis.call('GET', KEYS[1])
if published then
  local ok, plan = pcall(cjson.decode, published)
  if ok and type(plan) == 'table' and tonumber(plan.version) then
    if tonumber(plan.version) > tonumber(ARGV[2]) then return {'lower', published} end
    if tonumber(plan.version) == tonumber(ARGV[2]) then
      redis.call('SADD', KEYS[2], ARGV[3])
      if published == ARGV[1] then return {'unchanged', published} end
      return {'different', published}
    end
  end
end
redis.call('SET', KEYS[1], ARGV[1])
redis.call('SADD', KEYS[2], ARGV[3])
redis.call('PUBLISH', ARGV[4], ARGV[3])
return {'published', ARGV[1]}
"""


class Outcome(StrEnum):
    """`LOWER`: refused, a higher version is published. `DIFFERENT`: refused, the published plan of
    this version says something else, as after a change of the configuration.
    """

    PUBLISHED = "published"
    UNCHANGED = "unchanged"
    LOWER = "lower"
    DIFFERENT = "different"


@dataclass(frozen=True)
class Publication:
    """What came of publishing `wanted`; `published` is what Redis holds now."""

    outcome: Outcome
    wanted: Plan
    published: Plan


class Publisher:
    """Writes `ai:plan:{pool}`, joins the pool to `ai:pools`, and announces it on `ai:plans`."""

    def __init__(self, redis: Redis, events: EventLog) -> None:
        self._redis = redis
        self._events = events
        self._script = redis.register_script(_SCRIPT)

    async def publish(self, wanted: Plan) -> Publication:
        """Publish unless as new a plan is there. Raises redis' errors when Redis is away."""
        answer = await self._script(
            keys=[keys.plan(wanted.pool), keys.pools()],
            args=[wanted.encode(), wanted.version, wanted.pool, keys.plan_announcements()],
        )
        outcome = Outcome(answer[0].decode())
        publication = Publication(outcome, wanted, Plan.decode(answer[1]))
        if outcome is Outcome.PUBLISHED:
            self._note(wanted)
        return publication

    async def published(self, pools: Iterable[str]) -> list[Plan]:
        """The plans that Redis holds for the pools."""
        values = await self._redis.mget([keys.plan(pool) for pool in pools])
        return [Plan.decode(value) for value in values if isinstance(value, bytes)]

    def _note(self, plan: Plan) -> None:
        logger.info("plan published", pool=plan.pool, version=plan.version)
        self._events.write(
            "plan_published",
            pool=plan.pool,
            version=plan.version,
            segments=msgspec.to_builtins(plan.segments),
            exceptions=msgspec.to_builtins(plan.exceptions),
        )
