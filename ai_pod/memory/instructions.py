"""The instructions that an agent works by: cached, refreshed by announcement, and kept as the last
good snapshot while Redis is away or has lost them.
"""

import asyncio

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from ai_pod.contracts.instructions import (
    PRODUCTION,
    Instructions,
    InstructionsClient,
    Serving,
    label_for,
    shipped,
)
from market.tasks import told_to_end
from market.words import Word

POLL_SECONDS = 5.0
"""An announcement that was missed is made good by this poll."""

logger = structlog.get_logger()


class Chosen(Word, frozen=True, kw_only=True):
    """The instructions of one turn, and the label that chose them; empty when the turn was bound
    to a version from outside.
    """

    label: str
    instructions: Instructions


class CurrentInstructions:
    """`choose` answers from memory; `watch()` keeps the memory fresh, and whoever waits for
    `refreshed` is told.

    Before anything was read, the shipped text stands in.
    """

    def __init__(self, redis: Redis, agent: str = "chatbot") -> None:
        self._redis = redis
        self.client = InstructionsClient(redis, agent)
        its = shipped()
        self._texts = {its.version: its}
        self._serving = Serving(labels={PRODUCTION: its.version})
        self.refreshed = asyncio.Condition()

    def choose(self, organisation: str, user: str) -> Chosen:
        """What answers this user now."""
        label = label_for(self._serving, organisation, user)
        return Chosen(label=label, instructions=self._texts[self._serving.labels[label]])

    async def version(self, number: int) -> Instructions:
        """That version, whether a label points at it or not. Raises UnknownVersion."""
        return self._texts.get(number) or await self.client.get(number)

    async def refresh(self) -> None:
        """Read again what answers whom. A label whose text cannot be read stays where it was."""
        serving = await self.client.serving()
        unread = set(serving.labels.values()) - self._texts.keys()
        texts = self._texts | await self.client.versions(unread)
        lost = {label: at for label, at in serving.labels.items() if at not in texts}
        if lost or PRODUCTION not in serving.labels:
            logger.warning("instructions_missing", labels=lost or serving.labels)
        if PRODUCTION in serving.labels:
            before = self._serving.labels
            stays = {label: before[label] for label in lost.keys() & before.keys()}
            labels = {label: at for label, at in serving.labels.items() if at in texts} | stays
            self._serving = Serving(
                revision=serving.revision, labels=labels, canary_percent=serving.canary_percent
            )
            self._texts = {at: texts[at] for at in labels.values()}
        async with self.refreshed:
            self.refreshed.notify_all()

    async def watch(self) -> None:
        """Follow announcements for ever; survives Redis' absence with the last good snapshot."""
        while not told_to_end():
            try:
                await self._follow()
            except (RedisError, OSError) as error:
                logger.warning("instructions_away", error=str(error))
                await asyncio.sleep(1.0)

    async def _follow(self) -> None:
        async with self._redis.pubsub() as subscription:
            await subscription.subscribe(self.client.channel)
            while not told_to_end():
                await self.refresh()
                await subscription.get_message(ignore_subscribe_messages=True, timeout=POLL_SECONDS)
