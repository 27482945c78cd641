"""What bars did to a desk's orders, entered into its books; within the desk's own transaction."""

from collections.abc import Collection, Sequence
from datetime import datetime

from backend.models import Order
from backend.trading.events import (
    OrderCancelled,
    OrderExpired,
    OrderFilled,
    OrderPartiallyFilled,
)
from backend.trading.ledger import Ledger, new_fill
from backend.trading.matching import Outcome, time_is_up
from backend.trading.states import OrderState
from market.simulator.resting import Status

PAPER = "paper"
"""The venue of the orders that are filled here."""


def working(ledger: Ledger, instrument: str) -> list[Order]:
    """The open orders of the instrument that are ours to fill."""
    states = (OrderState.ACCEPTED, OrderState.PARTIALLY_FILLED)
    ours = [one for one in ledger.open_orders if one.venue == PAPER]
    return [one for one in ours if one.instrument == instrument and one.state in states]


def book(ledger: Ledger, outcomes: Sequence[Outcome]) -> None:
    """Enter what bars did to the desk's orders, in the order of the bars."""
    orders = {order.id: order for order in ledger.open_orders}
    for one in sorted(outcomes, key=lambda outcome: (outcome.bar.start, outcome.order)):
        order, at = orders[one.order], one.bar.start
        if one.quantity:
            ledger.book(order, new_fill(order, one.bar, one.quantity, one.price, one.fee))
            whole = one.status is Status.FILLED
            filled = OrderFilled if whole else OrderPartiallyFilled
            ledger.happened(order, filled(order=order.id, at=at, quantity=one.quantity))
        if one.status is Status.CANCELLED:
            ledger.happened(order, OrderCancelled(order=order.id, at=at, reason=one.reason))
        elif one.status is Status.EXPIRED:
            ledger.happened(order, _expired(order, one.bar.end))
        ledger.note(order, one.bar.end, triggered=one.triggered, extreme=one.extreme)


def expire(ledger: Ledger, instruments: Collection[str], bar_end: datetime | None) -> None:
    """End the orders whose time is up, whether or not their instrument still had a bar."""
    for name in instruments:
        for order in working(ledger, name):
            if time_is_up(order, bar_end):
                ledger.happened(order, _expired(order, order.expires_at or order.active_from))


def _expired(order: Order, at: datetime) -> OrderExpired:
    return OrderExpired(order=order.id, at=at, reason="session_over")
