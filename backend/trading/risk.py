"""The risk choke point: every order of every source passes `check` before it exists. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum

from backend.trading.words import Side

ZERO = Decimal(0)
DRIFT = Decimal("1.02")
"""Prices move what is held and costs take from equity; so much is no order's fault."""


class Reason(StrEnum):
    """Why an order was denied."""

    HALTED = "halted"
    UNKNOWN_INSTRUMENT = "unknown_instrument"
    NO_PRICE = "no_price"
    QUANTITY = "quantity"
    ORDER_RATE = "order_rate"
    SELL_BEYOND_POSITION = "sell_beyond_position"
    ORDER_VALUE = "order_value"
    POSITION_WEIGHT = "position_weight"
    GROSS_EXPOSURE = "gross_exposure"
    DAILY_LOSS = "daily_loss"


@dataclass(frozen=True)
class Limits:
    """A desk's limits; weights and the daily loss are shares of equity."""

    max_order_value: Decimal
    max_position_weight: Decimal
    max_gross_exposure: Decimal
    max_daily_loss: Decimal
    max_orders_per_minute: int
    halted: bool = False
    halt_reason: str = ""
    long_only: bool = True


@dataclass(frozen=True)
class RiskBook:
    """The desk as the check sees it: `positions` hold what open orders will add or take."""

    equity: Decimal
    day_start_equity: Decimal
    positions: Mapping[str, Decimal]
    prices: Mapping[str, Decimal]
    lots: Mapping[str, Decimal]
    orders_last_minute: int = 0

    def after(self, request: "OrderRequest") -> "RiskBook":
        """The book as if the order had been executed."""
        held = self.positions.get(request.instrument, ZERO) + request.signed
        return replace(
            self,
            positions={**self.positions, request.instrument: held},
            orders_last_minute=self.orders_last_minute + 1,
        )

    def value(self, instrument: str) -> Decimal:
        return abs(self.positions.get(instrument, ZERO)) * self.prices.get(instrument, ZERO)

    def gross(self) -> Decimal:
        return sum((self.value(instrument) for instrument in self.positions), ZERO)


@dataclass(frozen=True)
class OrderRequest:
    """What somebody wants; `price` is the limit, or None for a market order."""

    instrument: str
    side: Side
    quantity: Decimal
    price: Decimal | None = None

    @property
    def signed(self) -> Decimal:
        return self.quantity * self.side.sign


@dataclass(frozen=True)
class Denial:
    """The reason code, and the numbers that led to it."""

    reason: Reason
    context: dict[str, str] = field(default_factory=dict)


Rule = Callable[[OrderRequest, RiskBook, Limits], Denial | None]


def check(request: OrderRequest, book: RiskBook, limits: Limits) -> Denial | None:
    """None when the order may go to the venue, else the first rule that refuses it."""
    for rule in _RULES:
        denial = rule(request, book, limits)
        if denial is not None:
            return denial
    return None


def _halted(_request: OrderRequest, _book: RiskBook, limits: Limits) -> Denial | None:
    return _deny(Reason.HALTED, why=limits.halt_reason or "-") if limits.halted else None


def _instrument(request: OrderRequest, book: RiskBook, _limits: Limits) -> Denial | None:
    if request.instrument not in book.lots:
        return _deny(Reason.UNKNOWN_INSTRUMENT, instrument=request.instrument)
    if book.prices.get(request.instrument, ZERO) <= 0:
        return _deny(Reason.NO_PRICE, instrument=request.instrument)
    return None


def _quantity(request: OrderRequest, book: RiskBook, _limits: Limits) -> Denial | None:
    lot = book.lots[request.instrument]
    if request.quantity > 0 and request.quantity % lot == 0:
        return None
    return _deny(Reason.QUANTITY, quantity=request.quantity, lot=lot)


def _rate(_request: OrderRequest, book: RiskBook, limits: Limits) -> Denial | None:
    if book.orders_last_minute < limits.max_orders_per_minute:
        return None
    return _deny(
        Reason.ORDER_RATE, orders=book.orders_last_minute, limit=limits.max_orders_per_minute
    )


def _sell(request: OrderRequest, book: RiskBook, limits: Limits) -> Denial | None:
    held = book.positions.get(request.instrument, ZERO)
    if not limits.long_only or held + request.signed >= 0 or request.signed > 0:
        return None
    return _deny(Reason.SELL_BEYOND_POSITION, quantity=request.quantity, position=held)


def _order_value(request: OrderRequest, book: RiskBook, limits: Limits) -> Denial | None:
    value = request.quantity * (request.price or book.prices[request.instrument])
    if value <= limits.max_order_value or _reduces(request, book):
        return None
    return _deny(Reason.ORDER_VALUE, value=value, limit=limits.max_order_value)


def _position_weight(request: OrderRequest, book: RiskBook, limits: Limits) -> Denial | None:
    value = book.after(request).value(request.instrument)
    if value <= limits.max_position_weight * book.equity or _reduces(request, book):
        return None
    weight = _share(value, book.equity)
    return _deny(Reason.POSITION_WEIGHT, weight=weight, limit=limits.max_position_weight)


def _gross_exposure(request: OrderRequest, book: RiskBook, limits: Limits) -> Denial | None:
    gross = book.after(request).gross()
    if gross <= limits.max_gross_exposure * DRIFT * book.equity or _reduces(request, book):
        return None
    exposure = _share(gross, book.equity)
    return _deny(Reason.GROSS_EXPOSURE, exposure=exposure, limit=limits.max_gross_exposure)


def _daily_loss(request: OrderRequest, book: RiskBook, limits: Limits) -> Denial | None:
    lost = book.day_start_equity - book.equity
    if lost <= limits.max_daily_loss * book.day_start_equity or _reduces(request, book):
        return None
    share = _share(lost, book.day_start_equity)
    return _deny(Reason.DAILY_LOSS, loss=share, limit=limits.max_daily_loss)


_RULES: tuple[Rule, ...] = (
    _halted,
    _instrument,
    _quantity,
    _rate,
    _sell,
    _order_value,
    _position_weight,
    _gross_exposure,
    _daily_loss,
)


def _reduces(request: OrderRequest, book: RiskBook) -> bool:
    """An order that only makes a position smaller is never held back by an exposure limit."""
    held = book.positions.get(request.instrument, ZERO)
    return abs(held + request.signed) < abs(held) and held * (held + request.signed) >= 0


def _share(part: Decimal, whole: Decimal) -> str:
    return f"{part / whole:.4f}" if whole > 0 else "inf"


def _deny(reason: Reason, **context: object) -> Denial:
    return Denial(reason, {key: str(value) for key, value in context.items()})
