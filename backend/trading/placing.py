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
from backend.trading.terms import Standing
from backend.trading.words import OrderSource
from market import tracing


@dataclass(frozen=True)
class Origin:
    """Where an order comes from and how long it stands; the last three are its decision's."""

    source: OrderSource
    client_order_id: str
    standing: Standing
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
        with tracing.span("order", desk=self.ledger.desk.id, order=order.id) as span:
            self._decide_on(order, request)
            span.note(instrument=order.instrument, state=order.state, reason=order.reason)
        return order

    def _decide_on(self, order: Order, request: OrderRequest) -> None:
        denial = risk.check(request, self.book, self.limits)
        if denial is not None:
            order.context = denial.context
            denied = OrderDenied(
                order=order.id, at=self.now, reason=denial.reason, context=denial.context
            )
            self.ledger.add(order, denied)
            return
        self.book = self.book.after(request)
        self.ledger.add(order, OrderSubmitted(order=order.id, at=self.now))
        answer = self.broker.receive(order, self.now)
        if answer is not None:
            self.ledger.happened(order, answer)

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
            type=request.terms.kind,
            quantity=request.quantity,
            limit_price=request.terms.limit_price,
            stop_price=request.terms.stop_price,
            trail_amount=request.terms.trail_amount,
            time_in_force=request.terms.time_in_force,
            reduce_only=request.terms.reduce_only,
            oco_group=request.terms.oco_group,
            filled=Decimal(0),
            traded_value=Decimal(0),
            fees=Decimal(0),
            triggered=False,
            state=OrderState.NEW,
            reason="",
            context={},
            decision_id=origin.decision,
            bar_end=origin.bar_end,
            lease_epoch=origin.lease_epoch,
            active_from=origin.standing.active_from,
            expires_at=origin.standing.expires_at,
            created_at=self.now,
            venue=self.broker.name,
        )
