"""What a line's lifecycle goes by: the line's own settings, and for the rest the service's."""

from dataclasses import asdict, dataclass
from enum import StrEnum

from ai_pod.contracts.learning import Watch, WatchKind
from backend.models import Policy, PolicyLine
from backend.settings import Settings


class Promotion(StrEnum):
    """Who promotes a challenger that has passed gate and shadow."""

    APPROVAL = "approval"
    AUTOMATIC = "automatic"


@dataclass(frozen=True)
class RollbackTrigger:
    """When a replay refutes a policy, in shadow or since its promotion; see `Watch`."""

    confidence: float = 0.95
    drawdown_allowance: float = 1.5
    drawdown_floor: float = 0.02


@dataclass(frozen=True)
class Rules:
    """`shadow_sessions` market sessions are replayed before a promotion; 0 for none."""

    shadow_sessions: int
    promotion: Promotion
    rollback: RollbackTrigger


def rules_of(line: PolicyLine, settings: Settings) -> Rules:
    sessions = line.shadow_sessions
    return Rules(
        shadow_sessions=settings.shadow_sessions if sessions is None else sessions,
        promotion=Promotion(line.promotion or settings.promotion),
        rollback=RollbackTrigger(**line.rollback),
    )


def shadow_of(policy: Policy, rules: Rules) -> Watch | None:
    """What the nights replay of a policy in shadow. None for one that was never sealed."""
    if policy.sealed_at is None or policy.against is None:
        return None
    return Watch(
        kind=WatchKind.SHADOW,
        policy=policy.id,
        against=policy.against,
        since=policy.sealed_at,
        sessions=rules.shadow_sessions,
        **asdict(rules.rollback),
    )


def review_of(champion: Policy, rules: Rules) -> Watch | None:
    """What the nights replay of a champion. None for one without a predecessor."""
    if champion.changed_at is None or champion.predecessor is None:
        return None
    return Watch(
        kind=WatchKind.REVIEW,
        policy=champion.id,
        against=champion.predecessor,
        since=champion.changed_at,
        **asdict(rules.rollback),
    )
