"""Follows `wanted_pods` on one machine, as KEDA does on Kubernetes: the back end decides, this
starts and ends.
"""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable

import httpx
import msgspec
import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from ai_pod.contracts import keys, tokens
from ai_pod.contracts.agents import PodHeartbeat
from shiftdesk.local.services import pod
from shiftdesk.local.supervisor import Supervisor

logger = structlog.get_logger()

EVERY_SECONDS = 1.0


class Scaler:
    """Keeps as many pod processes of a pool as the back end wants; ends only those that it has
    emptied.
    """

    def __init__(
        self,
        pool: str,
        backend: str,
        secret: str,
        supervisor: Supervisor,
        environment: dict[str, str],
        redis: Redis,
    ) -> None:
        self._pool = pool
        self._url = f"{backend}/api/v1/scaling?pool={pool}"
        self._secret = secret
        self._supervisor = supervisor
        self._environment = environment
        self._redis = redis
        self._started = 0

    async def settled(self, seconds: float) -> None:
        """Wait until the first pods beat, at most so long: a slow one comes later."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while not self._all_beat():  # noqa: ASYNC110  # other processes, no event
                    await asyncio.sleep(0.1)

    def _all_beat(self) -> bool:
        names = self.pods()
        return bool(names) and all(self._supervisor.is_ready(name) for name in names)

    async def run(self) -> None:
        async with httpx.AsyncClient(timeout=5.0) as http:
            while True:
                try:
                    await self.follow(http)
                except (httpx.HTTPError, KeyError, ValueError) as error:
                    logger.warning("scaling unknown", pool=self._pool, error=repr(error))
                await asyncio.sleep(EVERY_SECONDS)

    async def follow(self, http: httpx.AsyncClient) -> None:
        """Compare the pods that run with those wanted, and start or end the difference."""
        token = tokens.issue(self._secret, issuer="local-cluster", audience="backend")
        response = await http.get(self._url, headers={"Authorization": f"Bearer {token}"})
        response.raise_for_status()
        scaling = response.json()
        running = self.pods()
        for name in self._new_names(int(scaling["wanted_pods"]) - len(running)):
            logger.info("starting a pod", pod=name, reason=scaling.get("reason"))
            self._supervisor.launch(pod(name, self._environment, self._beats(name)))
        for name in set(scaling["removable"]) & set(running):
            logger.info("ending a pod", pod=name, reason=scaling.get("reason"))
            await self._supervisor.stop(name)

    def pods(self) -> list[str]:
        """The pool's pods that this machine runs."""
        prefix = self._prefix()
        return [name for name in self._supervisor.names() if name.startswith(prefix)]

    def _prefix(self) -> str:
        return f"pod-{self._pool.lower().replace('/', '')}-"

    def _new_names(self, count: int) -> list[str]:
        """Names that no pod of this run has had: a new pod is never taken for an old one."""
        names = [f"{self._prefix()}{self._started + i + 1}" for i in range(count)]
        self._started += len(names)
        return names

    def _beats(self, name: str) -> Callable[[], Awaitable[bool]]:
        """A check for this pod's own heartbeat: a former cluster's may still be there."""
        since = time.time()

        async def beats() -> bool:
            try:
                beat = await self._redis.get(keys.pod(name))
            except RedisError:
                return False
            if beat is None:
                return False
            return msgspec.json.decode(beat, type=PodHeartbeat).beat_at > since

        return beats
