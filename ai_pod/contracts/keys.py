"""The pod's Redis keys, spelled here only."""

FIELD = "j"
"""The one field of every stream entry: the message as JSON."""


def plan(pool: str) -> str:
    """`Plan`, current. Written by the scheduler, conditionally on its version."""
    return f"ai:plan:{pool}"


def plan_announcements() -> str:
    """Pub/sub channel: the pool whose plan is new."""
    return "ai:plans"


def pools() -> str:
    """Set of pool names that have a plan."""
    return "ai:pools"


def pod(name: str) -> str:
    """`PodHeartbeat`, 10 s life."""
    return f"ai:pods:{name}"


def pod_pattern() -> str:
    return "ai:pods:*"


def phase(pod_name: str) -> str:
    """`PhaseRecord` of the pod. Its `phase_epoch` fences decisions."""
    return f"ai:phase:{pod_name}"


def seats(pod_name: str) -> str:
    """`PodSeats`."""
    return f"ai:seats:{pod_name}"


def desk(desk_id: str) -> str:
    """`DeskSnapshot`."""
    return f"ai:desk:{desk_id}"


def decisions() -> str:
    """Stream of `Decision`; consumer group `executor`; never trimmed before it is read."""
    return "ai:decisions"


def decided(desk_id: str) -> str:
    """Hash {lease_epoch, bar_end}: the last decision published for the desk; the emission script
    compares it.
    """
    return f"ai:decided:{desk_id}"


def live(desk_id: str) -> str:
    """The desk's durable stream of `Frame` (field `j`), capped at about 2,000."""
    return f"ai:live:{desk_id}"


def live_epoch() -> str:
    """String, set once: the life of all live streams in this Redis."""
    return "ai:live-epoch"


def handoff(desk_id: str) -> str:
    """The trading agent's state for the desk, sealed with its sha256; 24 h life."""
    return f"ai:handoff:{desk_id}"


def learning() -> str:
    """Stream of `LearningEvent`."""
    return "ai:learning"


def learning_lines() -> str:
    """Hash: line id → `PolicyLine`, written by the backend; what the night has to learn."""
    return "ai:learning:lines"


def learning_owner(line: str) -> str:
    """Who works for the line (SET NX with a life, renewed)."""
    return f"ai:learning:owner:{line}"


def learning_done(line: str, work: str) -> str:
    """Mark, 7 days: nobody need begin that work for the line again."""
    return f"ai:learning:done:{line}:{work}"


def learning_cluster(pool: str, host: str) -> str:
    """Address of the Dask scheduler that the pool's pods on this machine share, 6 s life."""
    return f"ai:learning:cluster:{pool}:{host}"


def usage() -> str:
    """Stream of `UsageReported`; consumer group `usage`."""
    return "ai:usage"


def instructions(agent: str, what: str) -> str:
    """`what` is `versions` (hash version → text), `labels` (hash label → version) or `announce`
    (pub/sub).
    """
    return f"ai:instructions:{agent}:{what}"


def vectors(index: str) -> str:
    """Prefix of a redisvl index (`notes`, `glossary`, …)."""
    return f"ai:vectors:{index}"


def run(run_id: str) -> str:
    """Stream of `RunEvent` of a chat turn; 1 h life."""
    return f"ai:runs:{run_id}"


def run_cancel(run_id: str) -> str:
    """Set when the run is to stop; 1 h life."""
    return f"ai:runs:{run_id}:cancel"
