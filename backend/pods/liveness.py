"""Which pods are dead. A mistake moves desks for nothing, so time in which we could not look does
not count, and many deaths at once are doubted.
"""

from math import ceil

SILENT_SECONDS = 10.0
"""A pod counts as dead after so long without a new heartbeat."""

DOUBTED_SECONDS = 30.0
"""… or after so long when more than half of at least two pods are silent at the same time: rather
the network or Redis than all of them.
"""

SUSPECT_SECONDS = 5.0
"""After so long without a new heartbeat a pod gets no more desks."""

LONGEST_LOOK_GAP = 3.0
"""Between two looks further apart than this, Redis could not be reached (or we did not look)."""


class Watch:
    """Remembers since when each pod has not beaten anew. Times are of a monotonic clock."""

    def __init__(self) -> None:
        self._beats: dict[str, float] = {}
        self._since: dict[str, float] = {}
        self._looked_at: float | None = None

    def look(self, now: float, beats: dict[str, float], known: set[str]) -> None:
        """`beats` is each living pod's `beat_at`; `known` pods have seats, living or not."""
        gap = 0.0 if self._looked_at is None else now - self._looked_at
        missed = gap if gap > LONGEST_LOOK_GAP else 0.0
        self._looked_at = now
        since = {}
        for pod in known | beats.keys():
            beat = beats.get(pod)
            if pod not in self._since or (beat is not None and beat != self._beats.get(pod)):
                since[pod] = now
            else:
                since[pod] = self._since[pod] + missed
        self._beats = {**{pod: self._beats.get(pod, 0.0) for pod in since}, **beats}
        self._since = since

    def silences(self, now: float) -> dict[str, float]:
        """Seconds without a new heartbeat, by pod."""
        return {pod: now - since for pod, since in self._since.items()}


def dead_pods(silences: dict[str, float]) -> list[str]:
    """Those to give up now, longest silent first: a tenth of all at once, at least one."""
    silent = [pod for pod, seconds in silences.items() if seconds >= SILENT_SECONDS]
    if len(silent) >= 2 and len(silent) * 2 > len(silences):
        silent = [pod for pod in silent if silences[pod] >= DOUBTED_SECONDS]
    at_once = max(1, ceil(len(silences) / 10))
    return sorted(silent, key=lambda pod: (-silences[pod], pod))[:at_once]


def suspects(silences: dict[str, float]) -> frozenset[str]:
    return frozenset(pod for pod, seconds in silences.items() if seconds >= SUSPECT_SECONDS)
