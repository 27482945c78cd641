"""Agents, their states, and the pod's heartbeat."""

from datetime import datetime
from enum import StrEnum

from ai_pod.contracts.plan import Phase
from market.words import Word

SEATS = 10
"""Seats of a pod: it serves at most so many desks."""

HEARTBEAT_SECONDS = 3.0
HEARTBEAT_LIFE_SECONDS = 10.0


class AgentName(StrEnum):
    TRADING = "trading"
    LEARNING = "learning"
    CHATBOT = "chatbot"


class AgentState(StrEnum):
    DORMANT = "dormant"
    STARTING = "starting"
    ACTIVE = "active"
    STOPPING = "stopping"
    FAULTED = "faulted"


class PodState(StrEnum):
    """READY takes desks; DRAINING gives them up and takes none."""

    STARTING = "starting"
    READY = "ready"
    DRAINING = "draining"


class AgentView(Word, frozen=True, kw_only=True):
    """One agent of a pod. Memory and `cpu_seconds` are its process's, zero while dormant.

    `pss_bytes` counts a page that several processes share by its share: what ending it gives back.
    It is as of the last measurement, seconds ago.
    """

    name: AgentName
    state: AgentState
    pid: int | None = None
    rss_bytes: int = 0
    pss_bytes: int = 0
    cpu_seconds: float = 0.0
    since: datetime | None = None
    detail: str = ""


class SwitchView(Word, frozen=True, kw_only=True):
    """One finished switch. `late_seconds` is real time from the planned instant to B's first
    readiness.
    """

    from_phase: Phase
    to_phase: Phase
    planned_at: datetime | None
    seconds: float
    late_seconds: float
    cold: bool
    phase_epoch: int


class PodHeartbeat(Word, frozen=True, kw_only=True):
    """`ai:pods:{pod}`, beaten every 3 s, with a life of 10 s.

    `address` is the base URL a backend dials.
    """

    pod: str
    pool: str
    address: str
    state: PodState
    phase: Phase
    phase_epoch: int
    phase_reason: str
    plan_version: int
    desks: tuple[str, ...]
    agents: tuple[AgentView, ...]
    beat_at: float
    market_now: datetime
    started_at: float
    switches: int = 0
    last_switch: SwitchView | None = None
    seats: int = SEATS
    v: int = 1


class PhaseRecord(Word, frozen=True, kw_only=True):
    """`ai:phase:{pod}`, and the pod's own fsynced file: who holds the pod. The epoch rises by one
    at every commit.
    """

    pod: str
    phase: Phase
    phase_epoch: int
    committed_at: float
    planned_at: datetime | None = None
    v: int = 1
