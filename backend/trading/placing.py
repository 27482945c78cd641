"""Handing an order to the risk check, and what passes it to the broker: the only way an order
comes to be.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from backend.models import Order, new_id
from backend.trading import risk
from backend.trading.brokers.port import Broker
from backend.trading.events import OrderDenied, OrderSubmitted
from backend.trading.ledger import Ledger
from backend.trading.risk import Limits, OrderRequest, RiskBook
from backend.trading.states import OrderState
from backend.trading.words import OrderSource, OrderType


@dataclass(frozen=True)
class Origin:
    """Where an order comes from; the last three are its decision's."""

    source: OrderSource
    client_order_id: str
    active_from: datetime
    decision: str | None = None
    bar_end: datetime | None = None
    lease_epoch: int | None = None


@dataclass
class OpenDesk:
    """A desk that is open for orders: `book` follows what was let through."""

    ledger: Ledger
    limits: Limits
    book: RiskBook
    broker: Broker
    now: datetime

    def place(self, request: OrderRequest, origin: Origin) -> Order:
        """The order: accepted, submitted, rejected by the venue, or denied with its reason."""
        order = self._new(request, origin)
        denial = risk.check(request, self.book, self.limits)
        if denial is not None:
            order.context = denial.context
            denied = OrderDenied(
                order=order.id, at=self.now, reason=denial.reason, context=denial.context
            )
            self.ledger.add(order, denied)
            return order
        self.book = self.book.after(request)
        self.ledger.add(order, OrderSubmitted(order=order.id, at=self.now))
        answer = self.broker.receive(order, self.now)
        if answer is not None:
            self.ledger.happened(order, answer)
        return order

    def _new(self, request: OrderRequest, origin: Origin) -> Order:
        desk = self.ledger.desk
        return Order(
            id=new_id("order"),
            organisation_id=desk.organisation_id,
            desk_id=desk.id,
            client_order_id=origin.client_order_id,
            source=origin.source,
            instrument=request.instrument,
            side=request.side,
            type=OrderType.MARKET if request.price is None else OrderType.LIMIT,
            quantity=request.quantity,
            limit_price=request.price,
            filled=Decimal(0),
            state=OrderState.NEW,
            reason="",
            context={},
            decision_id=origin.decision,
            bar_end=origin.bar_end,
            lease_epoch=origin.lease_epoch,
            active_from=origin.active_from,
            created_at=self.now,
        )
