"""What desks have cost, as the pods that served them measured it: the messages of `ai:usage`."""

from datetime import date

from market.words import Word


class DeskUse(Word, frozen=True, kw_only=True):
    """One desk's share of one agent: seconds of a core, and seconds of a GiB of memory (PSS).

    `agent` is an `AgentName`, or `orchestrator` for the pod's own process.
    """

    desk: str
    organisation: str
    agent: str
    cpu_seconds: float
    memory_gib_seconds: float


class UsageReported(Word, frozen=True, kw_only=True):
    """Shares so far on one day (UTC, real time) of one life of a pod.

    They only grow, so a report that is lost is made good by the next, and one that comes twice
    changes nothing. `life` tells processes of the same pod apart: its start, ms since 1970.
    """

    pod: str
    pool: str
    life: int
    day: date
    uses: tuple[DeskUse, ...]
    v: int = 1
