"""How much CPU a decision with signals takes, from the decoded bar to the published entry."""

from collections import deque

import numpy as np

KEPT = 10_000


class Timings:
    """The last timings in CPU seconds, as percentiles in microseconds: of a bar, and of a decision,
    which is the bar's amortised over the decisions that were made together.
    """

    def __init__(self) -> None:
        self._decisions: deque[float] = deque(maxlen=KEPT)
        self._bars: deque[float] = deque(maxlen=KEPT)
        self._count = 0

    def add(self, seconds: float, decisions: int, signalled: int) -> float:
        """A bar that led to so many decisions, some with signals; gives a decision's share."""
        each = seconds / decisions
        self._decisions.extend([each] * signalled)
        self._bars.append(seconds)
        self._count += signalled
        return each

    def figures(self) -> dict[str, float]:
        if not self._decisions:
            return {}
        p50, p99 = np.percentile(np.fromiter(self._decisions, float), (50, 99)) * 1e6
        return {
            "tick_to_signal_cpu_us_p50": float(p50),
            "tick_to_signal_cpu_us_p99": float(p99),
            "bar_cpu_us_p50": float(np.median(np.fromiter(self._bars, float)) * 1e6),
            "signal_decisions": float(self._count),
        }
