"""The one way an open order is cancelled: by hand, by a kill switch, by a state of the desk."""

from datetime import datetime

from backend.models import Order
from backend.trading.events import OrderCancelled
from backend.trading.ledger import Ledger


def cancel(ledger: Ledger, order: Order, at: datetime, *, reason: str) -> None:
    """Cancel an open order of a locked desk."""
    ledger.happened(order, OrderCancelled(order=order.id, at=at, reason=reason))
