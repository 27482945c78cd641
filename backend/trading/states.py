"""The life of an order: one literal table of states and events; any other pair raises."""

from enum import StrEnum

from backend.transitions import Table


class OrderState(StrEnum):
    """NEW is an order that nobody has judged yet; it is never stored."""

    NEW = "new"
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    DENIED = "denied"
    REJECTED = "rejected"
    PARTIALLY_FILLED = "partially_filled"
    FILLED = "filled"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class Trigger(StrEnum):
    """What happened to an order. Denied: by our own risk check; rejected: by the venue."""

    SUBMITTED = "submitted"
    DENIED = "denied"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    PARTIALLY_FILLED = "partially_filled"
    FILLED = "filled"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


TRANSITIONS = Table(
    "an order",
    {
        (OrderState.NEW, Trigger.SUBMITTED): OrderState.SUBMITTED,
        (OrderState.NEW, Trigger.DENIED): OrderState.DENIED,
        (OrderState.SUBMITTED, Trigger.ACCEPTED): OrderState.ACCEPTED,
        (OrderState.SUBMITTED, Trigger.REJECTED): OrderState.REJECTED,
        (OrderState.SUBMITTED, Trigger.CANCELLED): OrderState.CANCELLED,
        (OrderState.ACCEPTED, Trigger.PARTIALLY_FILLED): OrderState.PARTIALLY_FILLED,
        (OrderState.ACCEPTED, Trigger.FILLED): OrderState.FILLED,
        (OrderState.ACCEPTED, Trigger.CANCELLED): OrderState.CANCELLED,
        (OrderState.ACCEPTED, Trigger.EXPIRED): OrderState.EXPIRED,
        (OrderState.PARTIALLY_FILLED, Trigger.PARTIALLY_FILLED): OrderState.PARTIALLY_FILLED,
        (OrderState.PARTIALLY_FILLED, Trigger.FILLED): OrderState.FILLED,
        (OrderState.PARTIALLY_FILLED, Trigger.CANCELLED): OrderState.CANCELLED,
        (OrderState.PARTIALLY_FILLED, Trigger.EXPIRED): OrderState.EXPIRED,
        # A venue may report an execution after it has reported the end.
        (OrderState.CANCELLED, Trigger.PARTIALLY_FILLED): OrderState.CANCELLED,
        (OrderState.CANCELLED, Trigger.FILLED): OrderState.FILLED,
        (OrderState.EXPIRED, Trigger.PARTIALLY_FILLED): OrderState.EXPIRED,
        (OrderState.EXPIRED, Trigger.FILLED): OrderState.FILLED,
    },
)

OPEN = frozenset({OrderState.SUBMITTED, OrderState.ACCEPTED, OrderState.PARTIALLY_FILLED})
ENDED = frozenset(OrderState) - OPEN - {OrderState.NEW}
