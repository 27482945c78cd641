"""What happens to orders, as immutable events in the past tense. `trigger` is the state table's
word for each, and `reason`, where there is one, goes on record with the order.
"""

from datetime import datetime
from decimal import Decimal
from typing import ClassVar

from backend.trading.states import Trigger
from market.words import Word


class OrderEvent(Word, frozen=True, kw_only=True):
    """What all of them say: which order, and when in market time."""

    trigger: ClassVar[Trigger]
    order: str
    at: datetime
    reason: str = ""


class OrderSubmitted(OrderEvent, frozen=True, kw_only=True):
    trigger: ClassVar[Trigger] = Trigger.SUBMITTED


class OrderAccepted(OrderEvent, frozen=True, kw_only=True):
    """The venue holds the order."""

    trigger: ClassVar[Trigger] = Trigger.ACCEPTED
    venue_order: str = ""


class OrderDenied(OrderEvent, frozen=True, kw_only=True):
    """Our own risk check refused; `context` holds the numbers that say why."""

    trigger: ClassVar[Trigger] = Trigger.DENIED
    context: dict[str, str]


class OrderRejected(OrderEvent, frozen=True, kw_only=True):
    """The venue refused."""

    trigger: ClassVar[Trigger] = Trigger.REJECTED


class OrderPartiallyFilled(OrderEvent, frozen=True, kw_only=True):
    trigger: ClassVar[Trigger] = Trigger.PARTIALLY_FILLED
    quantity: Decimal


class OrderFilled(OrderEvent, frozen=True, kw_only=True):
    """The rest of the order was executed."""

    trigger: ClassVar[Trigger] = Trigger.FILLED
    quantity: Decimal


class OrderCancelled(OrderEvent, frozen=True, kw_only=True):
    trigger: ClassVar[Trigger] = Trigger.CANCELLED


class OrderExpired(OrderEvent, frozen=True, kw_only=True):
    trigger: ClassVar[Trigger] = Trigger.EXPIRED
