"""A simulated Kubernetes: pods that take their time to start, crash, and come and go as an
autoscaler that looks every few seconds says.
"""

import heapq
from dataclasses import dataclass

import numpy as np

from shiftdesk.simulation.people import DAY


@dataclass(frozen=True)
class Machine:
    """`poll_seconds`: how often the autoscaler reads the number of wanted pods (an HPA's period).
    At one look it at most doubles the pods, or adds `grow_by`, whichever is more; it never has more
    than `most_pods`, the maximum of the production overlay.

    A start takes `start_least` to `start_most` seconds, evenly; a pod crashes once in
    `mean_days_to_crash` on the average.
    """

    poll_seconds: float = 15.0
    grow_by: int = 20
    most_pods: int = 1000
    start_least: float = 20.0
    start_most: float = 90.0
    mean_days_to_crash: float = 30.0


class Cluster:
    """Pods by name with the time of their start; `removable` ones are ended before others."""

    def __init__(self, machine: Machine, generator: np.random.Generator) -> None:
        self._machine = machine
        self._generator = generator
        self._made = 0
        self._polled_at = -machine.poll_seconds
        self._coming: list[tuple[float, str]] = []
        self._crashes: list[tuple[float, str]] = []
        self.started: dict[str, float] = {}
        self.starting: dict[str, float] = {}

    @property
    def size(self) -> int:
        """Pods that cost something: starting or running."""
        return len(self.starting) + len(self.started)

    def start(self, now: float, *, at_once: bool = False) -> str:
        """A new pod, under a name that no other has had."""
        self._made += 1
        name = f"pod-{self._made:06d}"
        takes = self._generator.uniform(self._machine.start_least, self._machine.start_most)
        ready_at = now if at_once else now + float(takes)
        self.starting[name] = ready_at
        heapq.heappush(self._coming, (ready_at, name))
        return name

    def became_ready(self, now: float) -> list[str]:
        """Pods that are ready since the last call."""
        ready = []
        while self._coming and self._coming[0][0] <= now:
            at, name = heapq.heappop(self._coming)
            if self.starting.pop(name, None) is None:
                continue
            self.started[name] = at
            life = self._generator.exponential(self._machine.mean_days_to_crash * DAY)
            heapq.heappush(self._crashes, (at + float(life), name))
            ready.append(name)
        return ready

    def crashed(self, now: float) -> list[str]:
        """Pods that crashed since the last call; each is replaced by one that starts."""
        gone = []
        while self._crashes and self._crashes[0][0] <= now:
            _, name = heapq.heappop(self._crashes)
            if self.started.pop(name, None) is not None:
                gone.append(name)
                self.start(now)
        return gone

    def follow(self, now: float, wanted: int, removable: set[str]) -> list[str]:
        """Read the number when it is time; the running pods that are ended, as a ReplicaSet
        chooses: those that are not ready, then those with a deletion cost, then the youngest.
        """
        if now - self._polled_at < self._machine.poll_seconds:
            return []
        self._polled_at = now
        wanted = min(wanted, self._machine.most_pods)
        for _ in range(min(wanted - self.size, max(self.size, self._machine.grow_by))):
            self.start(now)
        surplus = self.size - wanted
        ended = []
        if surplus > 0:
            youngest = sorted(self.starting, key=lambda pod: -self.starting[pod])
            for name in youngest[:surplus]:
                del self.starting[name]
            rank = sorted(
                self.started, key=lambda pod: (pod not in removable, -self.started[pod], pod)
            )
            ended = rank[: surplus - min(surplus, len(youngest))]
            for name in ended:
                del self.started[name]
        return ended
