"""Which lines a pod may learn tonight, and each one's history up to now."""

import asyncio

import msgspec
import structlog
from redis.asyncio import Redis

from ai_pod.agents.learning.evaluate import MOST_BARS
from ai_pod.contracts import keys
from ai_pod.contracts.learning import PolicyLine
from ai_pod.contracts.seats import PodSeats
from market.clock import Clock
from market.errors import MarketError
from market.history import History
from market.series import Panel

logger = structlog.get_logger()

CLOSED_HOURS = 6
"""A market's bars fill at least a sixth of the calendar's time."""


class Lines:
    """The lines of a pool, as the back end has written them."""

    def __init__(self, redis: Redis, history: History, clock: Clock) -> None:
        self._redis, self._history, self._clock = redis, history, clock

    async def of(self, pod: str, pool: str) -> list[PolicyLine]:
        """Lines of the pool; those of the desks that sit on this pod come first. Raises redis'
        errors.
        """
        stored = await self._redis.hvals(keys.learning_lines())
        lines = [line for line in map(_line, stored) if line is not None]
        data = await self._redis.get(keys.seats(pod))
        seats = msgspec.json.decode(data, type=PodSeats).seats if data else ()
        here = {seat.policy_line for seat in seats}
        ours = [line for line in lines if line.pool == pool]
        return sorted(ours, key=lambda line: (line.id not in here, line.id))

    async def panel(self, line: PolicyLine) -> Panel:
        """The line's history up to now; nothing that has not ended. Raises MarketError."""
        return await asyncio.to_thread(self._read, line)

    def _read(self, line: PolicyLine) -> Panel:
        now = self._clock.now()
        since = now - line.interval.length * (MOST_BARS * CLOSED_HOURS)
        panel = self._history.read_panel(line.instruments, line.interval, since, now)
        if not len(panel):
            raise MarketError(f"{line.id}: not every instrument of it has a bar")
        return panel


def _line(value: bytes | str) -> PolicyLine | None:
    """A line as it is written; one that cannot be read does not keep the others from learning."""
    try:
        return msgspec.json.decode(value, type=PolicyLine)
    except msgspec.MsgspecError as reason:
        logger.warning("line_refused", reason=str(reason), line=value[:200])
        return None
