"""The port to whatever runs the pods. It starts and ends as many as `GET /scaling` says; here it is
told which ones, and asked which ones there are.
"""

from dataclasses import dataclass
from typing import Protocol


class FleetAway(Exception):
    """What runs the pods did not answer, or refused."""


@dataclass(frozen=True)
class FleetPod:
    """A pod that runs; `ends_first` when the fleet would end it before others that are ready."""

    name: str
    ends_first: bool


class Fleet(Protocol):
    """Raises FleetAway. Calls are bounded in time, and harmless when repeated."""

    async def pods(self) -> list[FleetPod] | None:
        """Every pod that runs and is to run on; None where the fleet knows no more than heartbeats
        tell.
        """

    async def end_first(self, pod: str, *, first: bool = True) -> None:
        """Have this pod end before all others that are ready, the next time that there are too
        many; or with `first=False` no sooner than they. A pod that is gone already is no error.
        """
