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


def model_requests() -> str:
    """Stream of `ModelAsked`: what language models have cost; consumer group `usage`."""
    return "ai:model-requests"


def spent(whose: str, name: str, when: str) -> str:
    """Hash {tokens, nano}: what a user or an organisation has spent on language models in a day or
    month (UTC), in nano-dollars, with what is reserved; kept a little beyond it.
    """
    return f"ai:spent:{whose}:{name}:{when}"


def models() -> str:
    """Set of the language models that have been asked."""
    return "ai:models"


def model_standing(model: str) -> str:
    """Hash of counts: how a language model has done, over all pods."""
    return f"ai:model-standing:{model}"


def models_rolled_back() -> str:
    """Hash: canary model → why it was taken back."""
    return "ai:models-rolled-back"


def answers(user: str) -> str:
    """Hash: digest of question and data → a model's answer to this user, an hour's life."""
    return f"ai:answers:{user}"


def public_answers(instructions: int, passage: str) -> str:
    """Hash: question → a model's answer from one shipped passage alone, an hour's life."""
    return f"ai:public-answers:{instructions}:{passage}"


def instructions(agent: str, what: str) -> str:
    """`what` is `versions` (hash version → text), `labels` (hash label → version), `settings` (hash
    {revision, canary_percent}) or `announce` (pub/sub).
    """
    return f"ai:instructions:{agent}:{what}"


def vectors(index: str) -> str:
    """Prefix of a redisvl index (`notes`, `glossary`, …)."""
    return f"ai:vectors:{index}"


def notes(organisation: str) -> str:
    """Hash: note id → `Note` of the organisation, written by the backend."""
    return f"ai:notes:{organisation}"


def noted_organisations() -> str:
    """Set: the organisations that have notes."""
    return "ai:notes"


def note_revisions(organisation: str) -> str:
    """Hash: note id → its revision; the same ids as in `notes`."""
    return f"ai:notes:{organisation}:revisions"


def run(run_id: str) -> str:
    """Stream of `RunEvent` of a chat turn, each with the epoch of the back end that wrote it; 1 h
    life.
    """
    return f"ai:runs:{run_id}"
