"""One desk's books within a transaction: opened locked, changed in exact steps, and with a note of
every change for whoever announces it after the commit.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Self

from sqlalchemy.ext.asyncio import AsyncSession

from backend.models import Desk, EquityPoint, Fill, Order, Position, new_id
from backend.trading import books, repository
from backend.trading.events import OrderEvent
from backend.trading.exposure import NOTHING, Exposure
from backend.trading.repository import Facts
from backend.trading.risk import Limits, RiskBook
from backend.trading.states import ENDED, TRANSITIONS, OrderState
from backend.trading.terms import RESTING
from backend.trading.words import OrderType, Side
from market.words import Bar, Instrument

ZERO = Decimal(0)
WAITING = frozenset({OrderType.STOP, OrderType.STOP_LIMIT, OrderType.TRAILING_STOP})
"""Types that do nothing until a price is reached against them."""


@dataclass(frozen=True)
class Notice:
    """Something worth saying to whoever looks at the desk: `code` for programs, `text` for people.

    `severity` is info, warning or error; `at` market time.
    """

    code: str
    text: str
    severity: str
    at: datetime


@dataclass
class Changes:
    """What a transaction did to a desk; `held` are all its positions after the last fill."""

    desk: Desk
    submitted: list[Order] = field(default_factory=list)
    denied: list[Order] = field(default_factory=list)
    filled: list[tuple[Order, Fill]] = field(default_factory=list)
    ended: list[Order] = field(default_factory=list)
    triggered: list[Order] = field(default_factory=list)
    positions: dict[str, Position] = field(default_factory=dict)
    held: list[Position] = field(default_factory=list)
    equity: EquityPoint | None = None
    notices: list[Notice] = field(default_factory=list)


@dataclass
class Ledger:
    """`positions` and `open_orders` are the desk's, by instrument and in order of their ids."""

    session: AsyncSession
    desk: Desk
    positions: dict[str, Position]
    open_orders: list[Order]
    changes: Changes

    @classmethod
    async def open(cls, session: AsyncSession, desk_id: str) -> Self | None:
        """Lock the desk and read its books; None when there is no such desk."""
        desk = await repository.lock_desk(session, desk_id)
        return None if desk is None else await cls.of(session, desk)

    @classmethod
    async def of(cls, session: AsyncSession, desk: Desk) -> Self:
        """The books of a desk that is locked already."""
        held = await repository.positions(session, [desk.id])
        orders = await repository.open_orders(session, [desk.id])
        return cls(
            session=session,
            desk=desk,
            positions={position.instrument: position for position in held},
            open_orders=list(orders),
            changes=Changes(desk),
        )

    def quantities(self) -> dict[str, Decimal]:
        """What is held, by instrument."""
        return {name: position.quantity for name, position in self.positions.items()}

    def projected(self) -> dict[str, Decimal]:
        """What will be held once the open orders are filled, but for those that only guard it."""
        quantities = self.quantities()
        for order in self._expected():
            held = quantities.get(order.instrument, ZERO)
            quantities[order.instrument] = held + remaining(order)
        return quantities

    def exposures(self, without: str | None = None) -> dict[str, Exposure]:
        """What is held, and what the open orders will or may make of it: of those that exclude each
        other the largest (none of the group `without`), and none that only reduces.
        """
        found = {name: Exposure(held) for name, held in self.quantities().items()}
        adding = [one for one in self.open_orders if not one.reduce_only]
        by_size = sorted(adding, key=lambda one: abs(remaining(one)))
        largest = {(one.oco_group, one.side): one for one in by_size}
        for order in adding:
            excluded = largest[order.oco_group, order.side] is not order
            if order.oco_group and (excluded or order.oco_group == without):
                continue
            before = found.get(order.instrument, NOTHING)
            rests = OrderType(order.type) in RESTING
            found[order.instrument] = before.ordered(remaining(order), rests=rests)
        return found

    def projected_cash(self, prices: Mapping[str, Decimal]) -> Decimal:
        """Cash once the open orders are filled at these prices."""
        spent = (remaining(one) * prices.get(one.instrument, ZERO) for one in self._expected())
        return self.desk.cash - sum(spent, ZERO)

    def _expected(self) -> list[Order]:
        return [one for one in self.open_orders if expected(one)]

    def equity(self, prices: Mapping[str, Decimal]) -> Decimal:
        """Cash and positions at these prices, each else at its last known one."""
        return self.desk.cash + sum(
            (one.quantity * prices.get(name, one.last_price))
            for name, one in self.positions.items()
        )

    def limits(self, facts: Facts) -> Limits:
        """The desk's limits, and what holds it."""
        desk = self.desk
        return Limits(
            max_order_value=desk.max_order_value,
            max_position_weight=Decimal(str(desk.max_position_weight)),
            max_gross_exposure=Decimal(str(desk.max_gross_exposure)),
            max_daily_loss=Decimal(str(desk.max_daily_loss)),
            max_orders_per_minute=desk.max_orders_per_minute,
            max_concentration=Decimal(str(desk.max_concentration)),
            max_drawdown=Decimal(str(desk.max_drawdown)),
            price_collar=Decimal(str(desk.price_collar)),
            state=facts.standing.state,
            why=facts.standing.why,
        )

    def risk_book(
        self,
        facts: Facts,
        prices: Mapping[str, Decimal],
        instruments: Mapping[str, Instrument],
        oco_group: str | None = None,
    ) -> RiskBook:
        """The desk as the risk check sees it, for an order of that group."""
        known = {name: one.last_price for name, one in self.positions.items()} | dict(prices)
        return RiskBook(
            equity=self.equity(known),
            day_start_equity=facts.day_start_equity,
            exposures=self.exposures(oco_group),
            prices=known,
            lots={name: lot(instrument) for name, instrument in instruments.items()},
            orders_last_minute=facts.orders_last_minute,
            peak_equity=self.desk.peak_equity,
        )

    def add(self, order: Order, *events: OrderEvent) -> None:
        """A new order and what has happened to it so far."""
        for event in events:
            self.happened(order, event)
        self.session.add(order)
        if order.state == OrderState.DENIED:
            self.changes.denied.append(order)
        else:
            self.changes.submitted.append(order)
        if order.state not in ENDED:
            self.open_orders.append(order)

    def happened(self, order: Order, event: OrderEvent) -> None:
        """Move the order on. Raises IllegalTransition."""
        before = OrderState(order.state)
        order.state = TRANSITIONS.after(before, event.trigger)
        if event.reason:
            order.reason = event.reason
        if order.state in ENDED and order.state != before:
            order.ended_at = event.at
            if order.state != OrderState.DENIED:
                self.changes.ended.append(order)
            if order in self.open_orders:
                self.open_orders.remove(order)

    def book(self, order: Order, fill: Fill) -> None:
        """Enter a fill: cash, fees and the position move together."""
        execution = books.Execution(Side(fill.side), fill.quantity, fill.price, fill.fee)
        position = self.positions.get(fill.instrument) or self._new_position(fill)
        before = books.Holding(position.quantity, position.cost, position.realised)
        holding = books.apply(before, execution)
        fill.realised = holding.realised - before.realised
        position.quantity, position.cost = holding.quantity, holding.cost
        position.realised, position.last_price = holding.realised, fill.price
        position.updated_at = fill.at
        order.filled += fill.quantity
        order.traded_value += abs(execution.paid)
        order.fees += fill.fee
        self.desk.cash += execution.cash_change
        self.desk.fees += fill.fee
        self.session.add(fill)
        self.changes.filled.append((order, fill))
        self.changes.positions[fill.instrument] = position
        self.changes.held = list(self.positions.values())

    def note(
        self, order: Order, until: datetime, *, triggered: bool, extreme: Decimal | None
    ) -> None:
        """What the paper broker knows of the order once it has looked at the bars until then."""
        if triggered and not order.triggered and order.state not in ENDED:
            self.changes.triggered.append(order)
        order.matched_until, order.triggered, order.extreme = until, triggered, extreme

    def mark(self, at: datetime, prices: Mapping[str, Decimal]) -> None:
        """Note what the desk is worth at a decision's bar end."""
        values = (
            abs(one.quantity) * prices.get(name, one.last_price)
            for name, one in self.positions.items()
        )
        point = EquityPoint(
            desk_id=self.desk.id,
            organisation_id=self.desk.organisation_id,
            bar_end=at,
            equity=self.equity(prices),
            cash=self.desk.cash,
            exposure=sum(values, ZERO),
        )
        self.session.add(point)
        self.changes.equity = point
        self.desk.peak_equity = max(self.desk.peak_equity, point.equity)

    def _new_position(self, fill: Fill) -> Position:
        position = Position(
            desk_id=self.desk.id,
            organisation_id=self.desk.organisation_id,
            instrument=fill.instrument,
            quantity=ZERO,
            cost=ZERO,
            realised=ZERO,
            last_price=fill.price,
            updated_at=fill.at,
        )
        self.session.add(position)
        self.positions[fill.instrument] = position
        return position


def expected(order: Order) -> bool:
    """Whether an open order counts as held already. A stop that waits does not, nor do orders that
    only reduce or exclude others: they guard what is held, and may never be filled.
    """
    if order.reduce_only or order.oco_group:
        return False
    return order.triggered or OrderType(order.type) not in WAITING


def remaining(order: Order) -> Decimal:
    """The signed quantity that is still to be filled."""
    return (order.quantity - order.filled) * Side(order.side).sign


def lot(instrument: Instrument) -> Decimal:
    """The smallest quantity that can be traded."""
    return Decimal(1).scaleb(-instrument.quantity_decimals)


def new_fill(order: Order, bar: Bar, quantity: Decimal, price: Decimal, fee: Decimal) -> Fill:
    """So much of the order, executed against the bar."""
    return Fill(
        id=new_id("fill"),
        organisation_id=order.organisation_id,
        desk_id=order.desk_id,
        order_id=order.id,
        bar_end=bar.end,
        instrument=order.instrument,
        side=order.side,
        quantity=quantity,
        price=price,
        fee=fee,
        realised=ZERO,
        at=bar.start,
    )
