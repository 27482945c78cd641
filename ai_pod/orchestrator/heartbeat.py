"""The pod's heartbeat: what it says of itself, every 3 s and at once when something changes."""

import asyncio
import time
from collections.abc import Callable

import msgspec
import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from ai_pod.contracts import keys
from ai_pod.contracts.agents import (
    HEARTBEAT_LIFE_SECONDS,
    HEARTBEAT_SECONDS,
    PodHeartbeat,
)
from ai_pod.orchestrator.phases import PhaseRecords
from market.tasks import told_to_end

RETRY_SECONDS = 0.5

logger = structlog.get_logger()


class Heart:
    """Beats, and brings the phase record to Redis again whenever Redis has been away."""

    def __init__(self, redis: Redis, records: PhaseRecords) -> None:
        self._redis = redis
        self._records = records
        self._soon = asyncio.Event()
        self.last_beat = 0.0
        self._stopped = False

    @property
    def heard(self) -> bool:
        """Redis took a beat within a heartbeat's life."""
        return time.monotonic() - self.last_beat < HEARTBEAT_LIFE_SECONDS

    def soon(self) -> None:
        """Beat now rather than at the next turn."""
        self._soon.set()

    async def run(self, view: Callable[[], PodHeartbeat]) -> None:
        """Beat until it is stopped or cancelled. Raises Superseded."""
        while not self._stopped and not told_to_end():
            pause = HEARTBEAT_SECONDS
            try:
                await self._beat(view())
            except (RedisError, OSError) as error:
                pause = RETRY_SECONDS
                logger.warning("heartbeat_failed", error=str(error))
            await self._rest(pause)

    async def _beat(self, heartbeat: PodHeartbeat) -> None:
        life = int(HEARTBEAT_LIFE_SECONDS)
        await self._redis.set(keys.pod(heartbeat.pod), msgspec.json.encode(heartbeat), ex=life)
        await self._records.mirror()
        self.last_beat = time.monotonic()

    async def _rest(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._soon.wait()
        except TimeoutError:
            return
        finally:
            self._soon.clear()

    async def stop(self, pod: str) -> None:
        """Take the heartbeat away, so that nobody waits for its life to end."""
        self._stopped = True
        try:
            await self._redis.delete(keys.pod(pod))
        except (RedisError, OSError) as error:
            logger.warning("heartbeat_not_taken_away", error=str(error))
