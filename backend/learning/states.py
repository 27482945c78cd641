"""The life of a policy in its line: one literal table of states and events; other pairs raise."""

from enum import StrEnum

from backend.transitions import Table


class PolicyState(StrEnum):
    """CANDIDATE: trained, and not yet judged. PASSED and APPROVED last no longer than a
    transaction: what follows is decided in the same one.
    """

    CANDIDATE = "candidate"
    REJECTED = "rejected"
    PASSED = "passed"
    SHADOW = "shadow"
    AWAITING_APPROVAL = "awaiting_approval"
    APPROVED = "approved"
    CHAMPION = "champion"
    REPLACED = "replaced"
    ROLLED_BACK = "rolled_back"


class Trigger(StrEnum):
    """What happened to a policy. Refuted: by its shadow sessions; declined: by a person; overtaken:
    another champion stands than the one it was judged against.
    """

    FAILED_GATE = "failed_gate"
    PASSED_GATE = "passed_gate"
    SHADOW_BEGUN = "shadow_begun"
    REFUTED = "refuted"
    APPROVAL_ASKED = "approval_asked"
    APPROVED = "approved"
    DECLINED = "declined"
    OVERTAKEN = "overtaken"
    PROMOTED = "promoted"
    REPLACED = "replaced"
    ROLLED_BACK = "rolled_back"
    REINSTATED = "reinstated"


TRANSITIONS = Table(
    "a policy",
    {
        (PolicyState.CANDIDATE, Trigger.FAILED_GATE): PolicyState.REJECTED,
        (PolicyState.CANDIDATE, Trigger.PASSED_GATE): PolicyState.PASSED,
        (PolicyState.PASSED, Trigger.SHADOW_BEGUN): PolicyState.SHADOW,
        (PolicyState.PASSED, Trigger.APPROVAL_ASKED): PolicyState.AWAITING_APPROVAL,
        (PolicyState.PASSED, Trigger.APPROVED): PolicyState.APPROVED,
        (PolicyState.PASSED, Trigger.OVERTAKEN): PolicyState.REJECTED,
        (PolicyState.SHADOW, Trigger.REFUTED): PolicyState.REJECTED,
        (PolicyState.SHADOW, Trigger.DECLINED): PolicyState.REJECTED,
        (PolicyState.SHADOW, Trigger.OVERTAKEN): PolicyState.REJECTED,
        (PolicyState.SHADOW, Trigger.APPROVAL_ASKED): PolicyState.AWAITING_APPROVAL,
        (PolicyState.SHADOW, Trigger.APPROVED): PolicyState.APPROVED,
        (PolicyState.AWAITING_APPROVAL, Trigger.APPROVED): PolicyState.APPROVED,
        (PolicyState.AWAITING_APPROVAL, Trigger.DECLINED): PolicyState.REJECTED,
        (PolicyState.AWAITING_APPROVAL, Trigger.OVERTAKEN): PolicyState.REJECTED,
        (PolicyState.APPROVED, Trigger.PROMOTED): PolicyState.CHAMPION,
        (PolicyState.CHAMPION, Trigger.REPLACED): PolicyState.REPLACED,
        (PolicyState.CHAMPION, Trigger.ROLLED_BACK): PolicyState.ROLLED_BACK,
        (PolicyState.REPLACED, Trigger.REINSTATED): PolicyState.CHAMPION,
    },
)

WAITING = frozenset({PolicyState.SHADOW, PolicyState.AWAITING_APPROVAL})
"""On the way to being champion; another champion's coming ends it."""
