"""The broker of a real venue within the transaction: it takes what the venue supports, and the
venue's loop sends it once that is committed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from backend.models import Order
from backend.trading.brokers.port import Request
from backend.trading.events import OrderRejected


@dataclass(frozen=True)
class RemoteBroker:
    """`refusal` says why the venue does not take such an order, without asking it."""

    name: str
    refusal: Callable[[Request], str | None]

    def receive(self, order: Order, at: datetime) -> OrderRejected | None:
        """Rejected when it is of a kind that the venue does not know, else submitted."""
        reason = self.refusal(request_of(order))
        return None if reason is None else OrderRejected(order=order.id, at=at, reason=reason)


def request_of(order: Order) -> Request:
    """The order as the venue is asked for it."""
    return Request(
        client_order_id=order.id,
        instrument=order.instrument,
        side=order.side,
        type=order.type,
        quantity=order.quantity,
        limit_price=order.limit_price,
        stop_price=order.stop_price,
        trail_amount=order.trail_amount,
        time_in_force=order.time_in_force,
        reduce_only=order.reduce_only,
        excludes_others=order.oco_group is not None,
    )
