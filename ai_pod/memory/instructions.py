"""The instructions that an agent works by: cached, refreshed by announcement, and kept as the last
good snapshot while Redis is away.
"""

import asyncio
import contextlib
from importlib.resources import files

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from ai_pod.contracts.instructions import (
    PRODUCTION,
    Instructions,
    InstructionsClient,
    LabelConflict,
)
from market.tasks import told_to_end

POLL_SECONDS = 5.0
"""An announcement that was missed is made good by this poll."""

SHIPPED = "shiftdesk"
"""Author of the shipped version."""

logger = structlog.get_logger()


def shipped_text() -> str:
    """The instructions that a fresh installation begins with."""
    return files("ai_pod.memory").joinpath("instructions.md").read_text(encoding="utf-8")


async def ensure_default(client: InstructionsClient) -> None:
    """Version 1 and its `production` label, if there are none. Many pods may do it at once."""
    if PRODUCTION in await client.labels():
        return
    versions = await client.versions() or [
        await client.add(shipped_text(), created_by=SHIPPED, version=1)
    ]
    with contextlib.suppress(LabelConflict):
        await client.move(PRODUCTION, versions[-1].version, expected=None)


class CurrentInstructions:
    """`current(label)` answers from memory; `watch()` keeps the memory fresh, and whoever waits for
    `refreshed` is told.
    """

    def __init__(self, redis: Redis, agent: str = "chatbot") -> None:
        self._redis = redis
        self.client = InstructionsClient(redis, agent)
        self._current: dict[str, Instructions] = {}
        self.refreshed = asyncio.Condition()

    def current(self, label: str = PRODUCTION) -> Instructions:
        """The version that `label` points at; an unknown label falls back to `production`.

        Raises KeyError before the first `refresh`.
        """
        return self._current.get(label) or self._current[PRODUCTION]

    async def refresh(self) -> None:
        """Read all labels again; puts the shipped version where there is none."""
        await ensure_default(self.client)
        labels = await self.client.labels()
        versions = {one.version: one for one in await self.client.versions()}
        self._current = {label: versions[at] for label, at in labels.items() if at in versions}
        async with self.refreshed:
            self.refreshed.notify_all()

    async def watch(self) -> None:
        """Follow announcements for ever; survives Redis' absence with the last good snapshot."""
        while not told_to_end():
            try:
                await self._follow()
            except RedisError as error:
                logger.warning("instructions_away", error=str(error))
                await asyncio.sleep(1.0)

    async def _follow(self) -> None:
        async with self._redis.pubsub() as subscription:
            await subscription.subscribe(self.client.channel)
            while not told_to_end():
                await self.refresh()
                await subscription.get_message(ignore_subscribe_messages=True, timeout=POLL_SECONDS)
