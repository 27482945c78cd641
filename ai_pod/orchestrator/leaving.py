"""How a pod leaves: it takes no more desks, gives its own up, and ends when it is empty or late."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass

import structlog
from redis.exceptions import RedisError

from ai_pod.contracts.plan import Phase
from ai_pod.orchestrator.orchestrator import Orchestrator

POLL_SECONDS = 0.1

logger = structlog.get_logger()


@dataclass(frozen=True)
class Patience:
    """Real seconds that a pod waits: `leave`, told to end, for its desks to be moved; `parked`,
    empty, for somebody to end it.
    """

    leave: float
    parked: float = 0.0


class Leaving:
    """`drain` goes on serving until the desks have been moved; `leave` stops trading at once."""

    def __init__(
        self, orchestrator: Orchestrator, patience: Patience, end: Callable[[], None]
    ) -> None:
        self._orchestrator = orchestrator
        self._patience = patience
        self._end = end
        self._deadline: float | None = None
        self._draining: asyncio.Task[None] | None = None

    def drain(self, deadline_s: float) -> None:
        """Mark the pod draining; end it some time after it is empty, at the latest in so many
        seconds.
        """
        self._deadline = time.monotonic() + deadline_s
        self._mark()
        if self._draining is None:
            self._draining = asyncio.create_task(self._drain(), name="drain")

    async def leave(self) -> None:
        """Quiesce with hand-off, wait for the desks to be moved, end the agents."""
        orchestrator = self._orchestrator
        self._mark()
        orchestrator.leaving = True
        orchestrator.wake()
        until = time.monotonic() + self._patience.leave
        if self._deadline is not None:
            until = min(until, self._deadline)
        while time.monotonic() < until and not self._gone:
            await self._look()
        logger.info("left", desks=orchestrator.seats.desks)
        await orchestrator.end()

    @property
    def _gone(self) -> bool:
        paused = self._orchestrator.records.record.phase is Phase.PAUSED
        return paused and not self._orchestrator.seats.desks

    async def _drain(self) -> None:
        while self._orchestrator.seats.desks and time.monotonic() < (self._deadline or 0.0):
            await self._look()
        if not self._orchestrator.seats.desks:
            await asyncio.sleep(self._patience.parked)
        self._end()

    async def _look(self) -> None:
        """Seats go while we wait; they are read oftener than usual."""
        await asyncio.sleep(POLL_SECONDS)
        try:
            await self._orchestrator.refresh_seats()
        except (RedisError, OSError) as error:
            logger.warning("seats_not_read", error=str(error))

    def _mark(self) -> None:
        self._orchestrator.draining = True
        self._orchestrator.heart.soon()
