"""What happens to orders, as immutable events in the past tense. `trigger` is the state table's
word for each.
"""

from datetime import datetime
from decimal import Decimal
from typing import ClassVar, TypeAlias

from backend.trading.states import Trigger
from market.words import Word


class OrderSubmitted(Word, frozen=True, kw_only=True):
    trigger: ClassVar[Trigger] = Trigger.SUBMITTED
    order: str
    at: datetime


class OrderAccepted(Word, frozen=True, kw_only=True):
    """The venue holds the order."""

    trigger: ClassVar[Trigger] = Trigger.ACCEPTED
    order: str
    at: datetime
    venue_order: str = ""


class OrderDenied(Word, frozen=True, kw_only=True):
    """Our own risk check refused; `context` holds the numbers that say why."""

    trigger: ClassVar[Trigger] = Trigger.DENIED
    order: str
    at: datetime
    reason: str
    context: dict[str, str]


class OrderRejected(Word, frozen=True, kw_only=True):
    """The venue refused."""

    trigger: ClassVar[Trigger] = Trigger.REJECTED
    order: str
    at: datetime
    reason: str


class OrderPartiallyFilled(Word, frozen=True, kw_only=True):
    trigger: ClassVar[Trigger] = Trigger.PARTIALLY_FILLED
    order: str
    at: datetime
    quantity: Decimal


class OrderFilled(Word, frozen=True, kw_only=True):
    """The rest of the order was executed."""

    trigger: ClassVar[Trigger] = Trigger.FILLED
    order: str
    at: datetime
    quantity: Decimal


class OrderCancelled(Word, frozen=True, kw_only=True):
    trigger: ClassVar[Trigger] = Trigger.CANCELLED
    order: str
    at: datetime
    reason: str


class OrderExpired(Word, frozen=True, kw_only=True):
    trigger: ClassVar[Trigger] = Trigger.EXPIRED
    order: str
    at: datetime
    reason: str


OrderEvent: TypeAlias = (
    OrderSubmitted
    | OrderAccepted
    | OrderDenied
    | OrderRejected
    | OrderPartiallyFilled
    | OrderFilled
    | OrderCancelled
    | OrderExpired
)
