"""The state of a desk: one literal table of states and triggers; any other pair raises.

A desk is HALTED while a kill switch holds it, else REDUCING while any condition does, however many.
Lifting a kill switch leads to REDUCING, from where the desk goes on once no condition is left.
"""

from dataclasses import dataclass
from enum import StrEnum

from backend.models import RiskState
from backend.transitions import Table


class Cause(StrEnum):
    """Why desks are REDUCING."""

    BY_HAND = "by_hand"
    STALE_FEED = "stale_feed"
    CLOCK_SKEW = "clock_skew"
    CALENDAR_DISAGREEMENT = "calendar_disagreement"
    RECONCILIATION_FAILED = "reconciliation_failed"
    POLICY_EXPIRED = "policy_expired"
    POLICY_FAULTED = "policy_faulted"
    DRAWDOWN = "drawdown"


class Trigger(StrEnum):
    """What moves a desk: its first condition, the end of its last, a kill switch."""

    HELD = "held"
    FREED = "freed"
    PULLED = "pulled"
    LIFTED = "lifted"


TRANSITIONS = Table(
    "a desk",
    {
        (RiskState.ACTIVE, Trigger.HELD): RiskState.REDUCING,
        (RiskState.ACTIVE, Trigger.PULLED): RiskState.HALTED,
        (RiskState.REDUCING, Trigger.FREED): RiskState.ACTIVE,
        (RiskState.REDUCING, Trigger.PULLED): RiskState.HALTED,
        (RiskState.HALTED, Trigger.LIFTED): RiskState.REDUCING,
    },
)


@dataclass(frozen=True)
class Standing:
    """What holds a desk now: a kill switch, with its reason, and the causes of its conditions."""

    halted: bool = False
    halt_reason: str = ""
    causes: tuple[str, ...] = ()

    @property
    def state(self) -> RiskState:
        """Where a desk belongs: what `triggers` lead to from any state."""
        state = RiskState.ACTIVE
        for trigger in triggers(state, self):
            state = TRANSITIONS.after(state, trigger)
        return state

    @property
    def why(self) -> str:
        """In one line, for people and for a denial's context."""
        return self.halt_reason if self.halted else ", ".join(self.causes)


def triggers(state: RiskState, standing: Standing) -> list[Trigger]:
    """What has to happen to a desk so that its state fits to what holds it."""
    if standing.halted:
        return [] if state is RiskState.HALTED else [Trigger.PULLED]
    if standing.causes:
        return {
            RiskState.ACTIVE: [Trigger.HELD],
            RiskState.REDUCING: [],
            RiskState.HALTED: [Trigger.LIFTED],
        }[state]
    return {
        RiskState.ACTIVE: [],
        RiskState.REDUCING: [Trigger.FREED],
        RiskState.HALTED: [Trigger.LIFTED, Trigger.FREED],
    }[state]
