"""How much CPU a decision with signals takes, from the decoded bar to the published entry."""

from collections import deque

import numpy as np

KEPT = 10_000


class Timings:
    """The last timings in CPU seconds, as percentiles in microseconds."""

    def __init__(self) -> None:
        self._ring: deque[float] = deque(maxlen=KEPT)
        self._count = 0

    def add(self, seconds: float, times: int) -> None:
        self._ring.extend([seconds] * times)
        self._count += times

    def figures(self) -> dict[str, float]:
        if not self._ring:
            return {}
        p50, p99 = np.percentile(np.fromiter(self._ring, float), (50, 99)) * 1e6
        return {
            "tick_to_signal_cpu_us_p50": float(p50),
            "tick_to_signal_cpu_us_p99": float(p99),
            "signal_decisions": float(self._count),
        }
