"""The pods as their heartbeats in Redis show them at one moment."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from redis.asyncio import Redis

from ai_pod.contracts.agents import PodHeartbeat, PodState
from ai_pod.contracts.directory import living_pods
from backend.database import array_literal


@dataclass(frozen=True, slots=True)
class Takers:
    """Pods that take desks, their pools and their numbers of seats, each as an array's literal."""

    pods: str
    pools: str
    seats: str


@dataclass(frozen=True)
class Look:
    """Living pods by name; `suspects` among them have not beaten for a while."""

    pods: dict[str, PodHeartbeat]
    suspects: frozenset[str] = frozenset()

    @classmethod
    def of(cls, living: Iterable[PodHeartbeat]) -> "Look":
        return cls({pod.pod: pod for pod in living})

    def of_pool(self, pool: str) -> list[PodHeartbeat]:
        return [pod for pod in self.pods.values() if pod.pool == pool]

    def ready(self, pool: str, drained: Mapping[str, float | None]) -> dict[str, int]:
        """Pods that take desks, with their number of seats.

        `drained` names pods that are being emptied, by the start of the process that is meant.
        """
        return self._ready(self.of_pool(pool), drained)

    def ready_of(self, pool: str, marks: Mapping[str, float | None]) -> dict[str, int]:
        """`ready` among those pods alone that have an entry in `marks`."""
        named = (self.pods[name] for name in marks if name in self.pods)
        return self._ready((pod for pod in named if pod.pool == pool), marks)

    def _ready(
        self, pods: Iterable[PodHeartbeat], drained: Mapping[str, float | None]
    ) -> dict[str, int]:
        return {
            pod.pod: pod.seats
            for pod in pods
            if pod.state is PodState.READY
            and pod.pod not in self.suspects
            and drained.get(pod.pod) != pod.started_at
        }

    @cached_property
    def takers(self) -> Takers:
        """What `ready` tells of all pools, in the words of Postgres: written once for all desks
        that come while the pods look like this.
        """
        ready = [self.pods[name] for name in self._ready(self.pods.values(), {})]
        return Takers(
            array_literal(pod.pod for pod in ready),
            array_literal(pod.pool for pod in ready),
            array_literal(str(pod.seats) for pod in ready),
        )

    def leaving(self, pool: str, drained: dict[str, float]) -> list[PodHeartbeat]:
        """Pods whose desks must go elsewhere."""
        return [
            pod
            for pod in self.of_pool(pool)
            if pod.state is PodState.DRAINING or drained.get(pod.pod) == pod.started_at
        ]

    def pools(self) -> set[str]:
        return {pod.pool for pod in self.pods.values()}


async def look(redis: Redis) -> Look:
    """Raises redis' errors: then nothing is known, and nothing may be concluded."""
    return Look.of(await living_pods(redis))
