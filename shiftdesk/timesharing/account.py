"""What samples of processes say of a day: memory-seconds, core-seconds used and reserved. Pure."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise


class Role(StrEnum):
    """What a process is there for. TEMPLATE: what a dormant chatbot is woken from. FRONT: the pod's
    own process, which serves and switches.
    """

    TRADING = "trading"
    LEARNING = "learning"
    CHATBOT = "chatbot"
    TEMPLATE = "template"
    FRONT = "front"


AGENTS = (Role.TRADING, Role.LEARNING, Role.CHATBOT)


@dataclass(frozen=True, slots=True)
class Use:
    """One process at one moment; CPU since it began."""

    pid: int
    role: Role
    cpu_seconds: float
    pss_bytes: int


@dataclass(frozen=True, slots=True)
class Sample:
    """All processes of a side, `at` seconds (real) into the day."""

    at: float
    uses: tuple[Use, ...]


def memory_seconds(samples: Sequence[Sample]) -> dict[Role, float]:
    """Byte-seconds (PSS) by role: what a sample holds counts until the next."""
    return _over_time(samples, lambda use: float(use.pss_bytes))


def alive_seconds(samples: Sequence[Sample]) -> dict[Role, float]:
    """Seconds for which the role had a process, one or several."""
    lived: dict[Role, float] = defaultdict(float)
    for one, other in pairwise(samples):
        for role in {use.role for use in one.uses}:
            lived[role] += other.at - one.at
    return lived


def cpu_seconds(samples: Sequence[Sample]) -> dict[Role, float]:
    """CPU used in the day by role; of what began before it, only the rest."""
    used: dict[Role, float] = defaultdict(float)
    for role, curve in _curves(samples).items():
        used[role] = curve[-1]
    return used


def peak_cores(samples: Sequence[Sample], window_seconds: float) -> dict[Role, float]:
    """The most cores that each role has used over a window of (at least) so many seconds."""
    at = [sample.at for sample in samples]
    peaks: dict[Role, float] = defaultdict(float)
    for role, curve in _curves(samples).items():
        first = 0
        for last in range(len(curve)):
            while first + 1 < last and at[last] - at[first + 1] >= window_seconds:
                first += 1
            span = at[last] - at[first]
            if span >= window_seconds:
                peaks[role] = max(peaks[role], (curve[last] - curve[first]) / span)
    return peaks


def most_at_once(samples: Sequence[Sample], cores: dict[Role, float]) -> float:
    """The most cores that the agents alive at one moment have a claim to, by `cores` of each."""
    return max(
        sum(cores.get(role, 0.0) for role in {use.role for use in sample.uses})
        for sample in samples
    )


def most_memory(samples: Sequence[Sample], role: Role, since: float, until: float) -> float:
    """The most bytes that the role's processes held at one moment between two."""
    held = [
        sum(use.pss_bytes for use in sample.uses if use.role is role)
        for sample in samples
        if since <= sample.at <= until
    ]
    return float(max(held, default=0))


def _over_time(samples: Sequence[Sample], value: Callable[[Use], float]) -> dict[Role, float]:
    total: dict[Role, float] = defaultdict(float)
    for one, other in pairwise(samples):
        for use in one.uses:
            total[use.role] += value(use) * (other.at - one.at)
    return total


def _curves(samples: Sequence[Sample]) -> dict[Role, list[float]]:
    """CPU seconds used since the first sample, by role, at every sample."""
    before = {use.pid: use.cpu_seconds for use in samples[0].uses}
    used: dict[Role, float] = defaultdict(float)
    curves: dict[Role, list[float]] = {role: [] for role in Role}
    for sample in samples:
        for use in sample.uses:
            # A process that ends while it is read has used nothing by then, it seems.
            used[use.role] += max(0.0, use.cpu_seconds - before.get(use.pid, 0.0))
            before[use.pid] = max(use.cpu_seconds, before.get(use.pid, 0.0))
        for role, curve in curves.items():
            curve.append(used[role])
    return curves
