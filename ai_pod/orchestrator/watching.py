"""Loops that keep the pod's copies of plan and seats fresh, and go on while Redis is away."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from ai_pod.contracts import keys
from ai_pod.orchestrator.plans import PlanCopy
from market.tasks import told_to_end

PLAN_POLL_SECONDS = 5.0
SEATS_POLL_SECONDS = 2.0
RETRY_SECONDS = 0.5

OnChange = Callable[[], Awaitable[None]]

logger = structlog.get_logger()


async def follow_plan(plans: PlanCopy, redis: Redis, on_change: OnChange) -> None:
    """Read the plan at every announcement, and every 5 s."""
    while not told_to_end():
        try:
            async with redis.pubsub(ignore_subscribe_messages=True) as announcements:
                await announcements.subscribe(keys.plan_announcements())
                while not told_to_end():
                    if await plans.fetch():
                        await on_change()
                    # Any pool's announcement, or the time of the poll: both mean to look again.
                    await announcements.get_message(timeout=PLAN_POLL_SECONDS)
        except (RedisError, OSError) as error:
            logger.warning("plan_not_read", error=str(error))
            await asyncio.sleep(RETRY_SECONDS)


async def follow_seats(refresh: OnChange) -> None:
    """Read the seat record every 2 s; a nudge reads it in between."""
    while not told_to_end():
        try:
            await refresh()
            await asyncio.sleep(SEATS_POLL_SECONDS)
        except (RedisError, OSError) as error:
            logger.warning("seats_not_read", error=str(error))
            await asyncio.sleep(RETRY_SECONDS)
