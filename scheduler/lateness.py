"""Which pods disagree with the plan, and for how long in real time."""

import time
from collections.abc import Callable, Iterable

from ai_pod.contracts.agents import PodHeartbeat
from ai_pod.contracts.plan import Plan
from market.clock import Clock
from scheduler.contracts.schedule import PodPhase


class Lateness:
    """Remembers since when each pod has been disagreeing. `monotonic` is real time in seconds."""

    def __init__(self, clock: Clock, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._monotonic = monotonic
        self._since: dict[str, float] = {}

    def compare(self, pods: Iterable[PodHeartbeat], plans: Iterable[Plan]) -> tuple[PodPhase, ...]:
        """Every pod of a planned pool against its plan now. Pods that are gone are forgotten."""
        by_pool = {plan.pool: plan for plan in plans}
        compared = [self._compared(pod, by_pool[pod.pool]) for pod in pods if pod.pool in by_pool]
        names = {pod.pod for pod in compared}
        self._since = {pod: since for pod, since in self._since.items() if pod in names}
        return tuple(compared)

    def _compared(self, pod: PodHeartbeat, plan: Plan) -> PodPhase:
        segment = plan.segment_at(pod.pod, self._clock.now())
        wanted = segment.phase if segment else pod.phase
        late_seconds = 0.0
        if wanted == pod.phase:
            self._since.pop(pod.pod, None)
        else:
            now = self._monotonic()
            late_seconds = now - self._since.setdefault(pod.pod, now)
        return PodPhase(
            pod=pod.pod, pool=pod.pool, actual=pod.phase, wanted=wanted, late_seconds=late_seconds
        )
