"""The one way an open order is cancelled: by hand, by a kill switch, by a state of the desk."""

from datetime import datetime

from backend.models import Order
from backend.trading.brokers.paper import PaperBroker
from backend.trading.events import OrderCancelled
from backend.trading.ledger import Ledger


def cancel(ledger: Ledger, order: Order, at: datetime, *, reason: str) -> None:
    """Cancel an open order of a locked desk. What may have reached a venue is cancelled by the
    venue alone: the order stays open until it says so, and may still be filled.
    """
    if order.venue == PaperBroker.name or order.sent_at is None:
        ledger.happened(order, OrderCancelled(order=order.id, at=at, reason=reason))
        return
    order.cancel_requested = True
    order.reason = order.reason or reason
