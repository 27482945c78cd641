"""How a pod leaves: it takes no more desks, gives its own up, and ends when it is empty or late.

Empty: no desk sits here, and no answer is being given.
"""

import asyncio
import time
from collections.abc import Callable

import structlog
from redis.exceptions import RedisError

from ai_pod.contracts.plan import Phase
from ai_pod.orchestrator.orchestrator import Orchestrator

POLL_SECONDS = 0.1

logger = structlog.get_logger()


class Leaving:
    """`drain` goes on serving until the pod is empty; `leave` stops trading at once, and waits so
    many real seconds for the rest.
    """

    def __init__(
        self, orchestrator: Orchestrator, leave_seconds: float, end: Callable[[], None]
    ) -> None:
        self._orchestrator = orchestrator
        self._leave_seconds = leave_seconds
        self._end = end
        self._deadline = 0.0
        self._draining: asyncio.Task[None] | None = None

    def drain(self, deadline_s: float) -> None:
        """Mark the pod draining; end it when it is empty, at the latest in so many seconds."""
        self._deadline = time.monotonic() + deadline_s
        self._mark()
        if self._draining is None:
            self._draining = asyncio.create_task(self._drain(), name="drain")

    async def leave(self) -> None:
        """Quiesce with hand-off, wait until the pod is empty, end the agents."""
        orchestrator = self._orchestrator
        self._mark()
        orchestrator.leave()
        until = time.monotonic() + self._leave_seconds
        await self._look()
        while time.monotonic() < until and not (self._paused and self._empty):
            await self._look()
        answers = orchestrator.chat.answering
        logger.info("left", desks=orchestrator.seats.desks, answers=answers)
        await orchestrator.end()

    @property
    def _paused(self) -> bool:
        return self._orchestrator.records.record.phase is Phase.PAUSED

    @property
    def _empty(self) -> bool:
        return not self._orchestrator.seats.desks and not self._orchestrator.chat.answering

    async def _drain(self) -> None:
        await self._look()
        while not self._empty and time.monotonic() < self._deadline:
            await self._look()
        self._end()

    async def _look(self) -> None:
        """Seats come and go while we wait: a desk may have been given that we have not read of."""
        await asyncio.sleep(POLL_SECONDS)
        try:
            await self._orchestrator.refresh_seats()
        except (RedisError, OSError) as error:
            logger.warning("seats_not_read", error=str(error))

    def _mark(self) -> None:
        self._orchestrator.draining = True
        self._orchestrator.heart.soon()
