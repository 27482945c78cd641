"""How many pods a pool needs: one pure function. Nothing else decides it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from ai_pod.contracts.agents import SEATS

LEAST_HEADROOM = 2
HEADROOM_PERCENT = 2


@dataclass(frozen=True)
class Demand:
    """Desks with a seat, desks that wait for one, and seats to hold ready for an expected rush."""

    seated: int
    waiting: int = 0
    prewarm: int = 0

    @property
    def headroom(self) -> int:
        """Free seats for whoever comes next: two, or 2 %, whichever is more."""
        return max(LEAST_HEADROOM, ceil((self.seated + self.waiting) * HEADROOM_PERCENT / 100))

    @property
    def pods(self) -> int:
        """Pods that hold all of it."""
        return ceil((self.seated + self.waiting + self.headroom + self.prewarm) / SEATS)


@dataclass(frozen=True)
class Wanted:
    """A verdict, and what the next call has to remember of it.

    While demand is lower than `pods`: since when, and the highest demand since.
    """

    pods: int
    lower_since: datetime | None = None
    lower_peak: int = 0


def wanted_pods(
    demand: Demand, previous: Wanted | None, now: datetime, hold_down: timedelta
) -> Wanted:
    """`ceil((seated + waiting + headroom + prewarm) / 10)`: up at once, down after `hold_down`.

    It goes down to the highest demand of the hold-down, so that a short peak within it counts.
    """
    needed = demand.pods
    if previous is None or needed >= previous.pods:
        return Wanted(needed)
    if previous.lower_since is None:
        return Wanted(previous.pods, lower_since=now, lower_peak=needed)
    peak = max(previous.lower_peak, needed)
    if now - previous.lower_since < hold_down:
        return Wanted(previous.pods, lower_since=previous.lower_since, lower_peak=peak)
    if peak > needed:
        return Wanted(peak, lower_since=now, lower_peak=needed)
    return Wanted(peak)


def pods_to_run(wanted: int, ready: int, leaving: int, removable: int) -> int:
    """What an autoscaler is told. The number falls with empty pods that may go, and with no others:
    ready ones count until they are chosen to go, and those that are being emptied are there beside.

    While fewer are ready than wanted the empty ones count too: the autoscaler knows no difference,
    and would else keep one of them in a wanted one's place.
    """
    return max(wanted, ready) + leaving + (removable if ready < wanted else 0)


def reason(demand: Demand, wanted: Wanted, now: datetime, hold_down: timedelta) -> str:
    """The verdict in words."""
    parts = f"{demand.seated} seated + {demand.waiting} waiting + {demand.headroom} headroom"
    if demand.prewarm:
        parts += f" + {demand.prewarm} prewarm"
    needs = f"{parts} need {demand.pods} of {SEATS} seats each"
    if wanted.lower_since is None or wanted.pods == demand.pods:
        return needs
    left = max(hold_down - (now - wanted.lower_since), timedelta(0)).total_seconds()
    return f"{needs}; going down from {wanted.pods} in {left:.0f} s"
