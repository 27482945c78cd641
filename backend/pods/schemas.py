"""Pods, their seats and the next scaling action, as they are shown."""

from datetime import datetime

from ai_pod.contracts.agents import AgentName, AgentState, PodState
from ai_pod.contracts.plan import Phase
from backend.schemas import Page, Schema


class AgentView(Schema):
    """One agent of a pod; a dormant one has no process and no memory, but that a chatbot keeps a
    template to be woken from. `pss_bytes` counts what processes share by their shares.
    """

    name: AgentName
    state: AgentState
    pid: int | None
    rss_bytes: int
    pss_bytes: int
    cpu_seconds: float
    since: datetime | None
    detail: str


class SwitchView(Schema):
    """One finished switch; `late_seconds` is real time after the planned instant."""

    from_phase: Phase
    to_phase: Phase
    planned_at: datetime | None
    seconds: float
    late_seconds: float
    cold: bool
    phase_epoch: int


class HeartbeatView(Schema):
    """What the pod says of itself every 3 s. `beat_at`, `started_at` are wall time."""

    pod: str
    pool: str
    address: str
    state: PodState
    phase: Phase
    phase_epoch: int
    phase_reason: str
    plan_version: int
    desks: list[str]
    agents: list[AgentView]
    beat_at: float
    market_now: datetime
    started_at: float
    switches: int
    last_switch: SwitchView | None
    seats: int
    v: int


class SeatedDesk(Schema):
    """A taken seat. A desk of another organisation is shown without its id and name."""

    seat: int
    desk: str | None
    name: str
    lease_epoch: int
    taken_at: datetime
    automatic: bool


class PodView(Schema):
    """A pod; `heartbeat` is null while it is silent and still has seats.

    `draining`: it is being emptied; `removable`: it is empty and may be ended.
    """

    pod: str
    pool: str
    heartbeat: HeartbeatView | None
    desks: list[SeatedDesk]
    free_seats: int
    draining: bool
    removable: bool


class ScalingView(Schema):
    """`wanted_pods` is what to run now; `removable` pods are drained and empty: end these."""

    pool: str
    wanted_pods: int
    seated: int
    waiting: int
    headroom: int
    prewarm: int
    reason: str
    next_action: str
    ready: list[str]
    draining: list[str]
    removable: list[str]


class PodsView(Page[PodView]):
    """All pods, and for each pool what scaling does next, and why."""

    scaling: list[ScalingView]
