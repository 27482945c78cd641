"""An exchange's books: orders, executions, cash, positions and the tape, whatever protocol shows
them. It misbehaves as it is told, once for each time it is told.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum

D = Decimal
ZERO, ONE = D(0), D(1)
CASH = D(1_000_000)


class Fault(StrEnum):
    """What goes wrong with the next thing it fits."""

    SLOW_DOWN = "429 with Retry-After"
    LOSE_REQUEST = "an order does not arrive, and nobody answers"
    LOSE_RESPONSE = "an order is accepted, and the answer is lost"
    UNKNOWN_ORDER = "an order is not known for a moment"
    PARTIAL = "half an order is executed, the rest rests"
    LATE_FILL = "an execution is told after the cancellation"
    SWALLOW = "a message of the socket is lost"
    DUPLICATE = "a message of the socket comes twice"
    REORDER = "a message of the socket comes after its successor"
    DISCONNECT = "the socket breaks instead of a message"


class Refused(Exception):
    """The exchange says no."""


@dataclass
class Placed:
    """An order as the exchange holds it; status in Alpaca's words."""

    id: str
    client_id: str
    symbol: str
    side: str
    type: str
    quantity: Decimal
    limit: Decimal | None
    status: str = "new"
    filled: Decimal = ZERO
    paid: Decimal = ZERO

    @property
    def sign(self) -> int:
        return 1 if self.side == "buy" else -1

    @property
    def working(self) -> bool:
        return self.status in ("new", "partially_filled")


@dataclass(frozen=True)
class Executed:
    id: int
    order: Placed
    quantity: Decimal
    price: Decimal
    at: datetime


@dataclass(frozen=True)
class Trade:
    """One on the tape; ids of a symbol count up by one."""

    id: int
    symbol: str
    price: Decimal
    size: Decimal
    at: datetime


@dataclass
class Exchange:
    """One account on one exchange. Market orders are executed at once, limit orders when the price
    is there; `base_fee` is the share of what is bought that is kept back in kind.
    """

    cash: Decimal = CASH
    prices: dict[str, Decimal] = field(default_factory=dict)
    positions: Counter[str] = field(default_factory=Counter)
    orders: dict[str, Placed] = field(default_factory=dict)
    executions: list[Executed] = field(default_factory=list)
    tape: list[Trade] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    base_fee: Decimal = ZERO
    requests: Counter[str] = field(default_factory=Counter)
    on_order: Callable[[Placed, str, Executed | None], None] = lambda *_: None
    on_trade: Callable[[Trade], None] = lambda *_: None
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    unique_ids: bool = True
    """Whether an id of the client's is refused for ever, or only while its order works."""
    resting: bool = False
    """Market orders too wait until `move` is called."""

    def fails(self, *faults: Fault) -> Fault | None:
        """The next fault, if it is one of these; it is used up."""
        if self.faults and self.faults[0] in faults:
            return self.faults.pop(0)
        return None

    def place(
        self,
        client_id: str,
        symbol: str,
        side: str,
        type_: str,
        quantity: Decimal,
        limit: Decimal | None = None,
    ) -> Placed:
        """Raises Refused."""
        before = self.by_client(client_id)
        if before is not None and (self.unique_ids or before.working):
            raise Refused("client_order_id must be unique")
        if symbol not in self.prices:
            raise Refused(f"asset {symbol} is not found")
        order = Placed(f"v-{len(self.orders) + 1}", client_id, symbol, side, type_, quantity, limit)
        if side == "buy" and quantity * (limit or self.prices[symbol]) > self.cash:
            raise Refused("insufficient buying power")
        self.orders[order.id] = order
        self.on_order(order, "new", None)
        if not self.resting:
            self._match(order)
        return order

    def cancel(self, order: Placed) -> None:
        """Raises Refused for an order that does not work any more."""
        if not order.working:
            raise Refused("order is already in a final state")
        order.status = "canceled"
        self.on_order(order, "canceled", None)
        if self.fails(Fault.LATE_FILL):
            half = (order.quantity - order.filled) / 2
            self.execute(order, half.to_integral_value() or half, order.limit)
            order.status = "canceled"

    def by_client(self, client_id: str) -> Placed | None:
        return next((one for one in self.orders.values() if one.client_id == client_id), None)

    def move(self, symbol: str, price: Decimal, size: Decimal = ONE) -> Trade:
        """A trade on the tape; orders that it reaches are executed."""
        self.prices[symbol] = price
        count = sum(one.symbol == symbol for one in self.tape)
        trade = Trade(count + 1, symbol, price, size, self.now())
        self.tape.append(trade)
        self.on_trade(trade)
        for order in list(self.orders.values()):
            if order.symbol == symbol and order.working:
                self._match(order)
        return trade

    def execute(self, order: Placed, quantity: Decimal, price: Decimal | None = None) -> None:
        price = price or self.prices[order.symbol]
        order.filled += quantity
        order.paid += quantity * price
        kept = quantity * self.base_fee if order.side == "buy" else ZERO
        self.positions[order.symbol] += order.sign * quantity - kept  # type: ignore[assignment]
        self.cash -= order.sign * quantity * price
        done = order.filled == order.quantity
        order.status = "filled" if done else "partially_filled"
        executed = Executed(len(self.executions) + 1, order, quantity, price, self.now())
        self.executions.append(executed)
        self.on_order(order, "fill" if done else "partial_fill", executed)

    def held(self) -> dict[str, Decimal]:
        return {symbol: D(quantity) for symbol, quantity in self.positions.items() if quantity}

    def _match(self, order: Placed) -> None:
        price = self.prices[order.symbol]
        if order.limit is not None and (price - order.limit) * order.sign > 0:
            return
        left = order.quantity - order.filled
        if self.fails(Fault.PARTIAL):
            left = (left / 2).quantize(D(1)) if left > 1 else left / 2
        self.execute(order, left)
