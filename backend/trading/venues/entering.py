"""What a venue says about an order, entered into the desk's books: however often, in whatever order
and however late it is said, every execution is booked once.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from decimal import Decimal

from backend.models import Fill, Order, new_id
from backend.trading.brokers.port import Report, Status, VenueFill
from backend.trading.events import (
    OrderAccepted,
    OrderCancelled,
    OrderEvent,
    OrderExpired,
    OrderFilled,
    OrderPartiallyFilled,
    OrderRejected,
)
from backend.trading.ledger import Ledger
from backend.trading.states import OPEN, OrderState
from backend.trading.words import Side

ZERO = Decimal(0)


def enter(
    ledger: Ledger,
    order: Order,
    report: Report,
    fills: Sequence[VenueFill],
    known: Collection[str],
    now: datetime,
) -> list[VenueFill]:
    """Bring the order up to the report; `fills` are its executions, `known` the ids of those that
    are booked. Returns what cannot be booked because it goes beyond the order.

    The order ends only when everything that the venue counts as filled is booked.
    """
    order.venue_order_id = report.venue_order
    if order.state == OrderState.SUBMITTED and report.status is not Status.REJECTED:
        accepted = OrderAccepted(order=order.id, at=now, venue_order=report.venue_order)
        ledger.happened(order, accepted)
    beyond = []
    for fill in sorted(fills, key=lambda one: (one.at, one.id)):
        if fill.id in known:
            continue
        if order.filled + fill.quantity > order.quantity:
            beyond.append(fill)
        else:
            _book(ledger, order, fill, now)
    if OrderState(order.state) in OPEN and order.filled >= report.filled:
        _end(ledger, order, report, now)
    return beyond


def _book(ledger: Ledger, order: Order, fill: VenueFill, now: datetime) -> None:
    ledger.book(order, _row(order, fill, Side(order.side), fill.quantity, fill.fee))
    if fill.fee_quantity:
        _keep_back(ledger, order, fill)
    whole = order.filled == order.quantity
    event = OrderFilled if whole else OrderPartiallyFilled
    ledger.happened(order, event(order=order.id, at=now, quantity=fill.quantity))


def _keep_back(ledger: Ledger, order: Order, fill: VenueFill) -> None:
    """A fee in units of the instrument: given away at the execution's price, for that much fee."""
    worth = (fill.fee_quantity * fill.price).quantize(Decimal("0.000001"))
    row = _row(order, fill, Side.SELL, fill.fee_quantity, worth)
    row.venue_fill_id = f"{fill.id}:fee"
    filled, value = order.filled, order.traded_value
    ledger.book(order, row)
    order.filled, order.traded_value = filled, value


def _row(order: Order, fill: VenueFill, side: Side, quantity: Decimal, fee: Decimal) -> Fill:
    return Fill(
        id=new_id("fill"),
        organisation_id=order.organisation_id,
        desk_id=order.desk_id,
        order_id=order.id,
        bar_end=fill.at,
        instrument=order.instrument,
        side=side,
        quantity=quantity,
        price=fill.price,
        fee=fee,
        realised=ZERO,
        at=fill.at,
        venue_fill_id=fill.id,
    )


def _end(ledger: Ledger, order: Order, report: Report, now: datetime) -> None:
    ends: dict[Status, type[OrderEvent]] = {
        Status.CANCELLED: OrderCancelled,
        Status.EXPIRED: OrderExpired,
        Status.REJECTED: OrderRejected,
    }
    its = ends.get(report.status)
    if its is None:
        return
    if its is OrderRejected and order.state != OrderState.SUBMITTED:
        its = OrderCancelled
    ledger.happened(order, its(order=order.id, at=now, reason=report.reason or order.reason))
