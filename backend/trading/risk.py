"""The risk choke point: every order of every source passes `check` before it exists. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum

from backend.models import RiskState
from backend.trading.exposure import NOTHING, Exposure
from backend.trading.terms import RESTING, Terms
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
    PRICE_COLLAR = "price_collar"
    SELL_BEYOND_POSITION = "sell_beyond_position"
    REDUCING = "reducing"
    ORDER_VALUE = "order_value"
    POSITION_WEIGHT = "position_weight"
    CONCENTRATION = "concentration"
    GROSS_EXPOSURE = "gross_exposure"
    DAILY_LOSS = "daily_loss"
    DRAWDOWN = "drawdown"


@dataclass(frozen=True)
class Limits:
    """A desk's limits and its state, `why` being what holds it there. Weights and losses are shares
    of equity; concentration is the sum of the squared weights, so that 1 / n allows no less than n
    equal positions; the collar is a share of the last price.
    """

    max_order_value: Decimal
    max_position_weight: Decimal
    max_gross_exposure: Decimal
    max_daily_loss: Decimal
    max_orders_per_minute: int
    max_concentration: Decimal = Decimal(1)
    max_drawdown: Decimal = Decimal(1)
    price_collar: Decimal = Decimal(1)
    state: RiskState = RiskState.ACTIVE
    why: str = ""
    long_only: bool = True


@dataclass(frozen=True)
class RiskBook:
    """The desk as the check sees it: what is held, and what open orders will or may do to it."""

    equity: Decimal
    day_start_equity: Decimal
    exposures: Mapping[str, Exposure]
    prices: Mapping[str, Decimal]
    lots: Mapping[str, Decimal]
    orders_last_minute: int = 0
    peak_equity: Decimal = ZERO

    def after(self, request: "OrderRequest") -> "RiskBook":
        """The book with the order among the open ones."""
        exposure = self.of(request.instrument)
        if not request.terms.reduce_only:
            exposure = exposure.ordered(request.signed, rests=request.rests)
        return replace(
            self,
            exposures={**self.exposures, request.instrument: exposure},
            orders_last_minute=self.orders_last_minute + 1,
        )

    def of(self, instrument: str) -> Exposure:
        return self.exposures.get(instrument, NOTHING)

    def value(self, instrument: str) -> Decimal:
        """The most that the position may come to be worth at the last price."""
        return self.of(instrument).largest * self.prices.get(instrument, ZERO)

    def gross(self) -> Decimal:
        return sum((self.value(instrument) for instrument in self.exposures), ZERO)

    def concentration(self) -> Decimal:
        """The sum of the squared weights; of a desk that is worth nothing, infinite if it holds."""
        squares = sum((self.value(instrument) ** 2 for instrument in self.exposures), ZERO)
        if self.equity <= 0:
            return Decimal("inf") if squares else ZERO
        return squares / self.equity**2


@dataclass(frozen=True)
class OrderRequest:
    """What somebody wants, a market order unless `terms` say otherwise."""

    instrument: str
    side: Side
    quantity: Decimal
    terms: Terms = field(default_factory=Terms)

    @property
    def price(self) -> Decimal | None:
        """The limit, where there is one."""
        return self.terms.limit_price

    @property
    def signed(self) -> Decimal:
        return self.quantity * self.side.sign

    @property
    def rests(self) -> bool:
        """It may never be filled: it counts where it adds to a position, not where it takes."""
        return self.terms.kind in RESTING


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


def reduces(request: OrderRequest, book: RiskBook) -> bool:
    """An order that only makes a position smaller, whichever of the open ones are filled: no
    exposure limit holds it back. One that is reduce-only is held to that by the venue.
    """
    return request.terms.reduce_only or book.of(request.instrument).reduced_by(request.signed)


def _halted(_request: OrderRequest, _book: RiskBook, limits: Limits) -> Denial | None:
    if limits.state is not RiskState.HALTED:
        return None
    return _deny(Reason.HALTED, why=limits.why or "-")


def _instrument(request: OrderRequest, book: RiskBook, _limits: Limits) -> Denial | None:
    if request.instrument not in book.lots:
        return _deny(Reason.UNKNOWN_INSTRUMENT, instrument=request.instrument)
    if not book.prices.get(request.instrument, ZERO) > 0:
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


def _price_collar(request: OrderRequest, book: RiskBook, limits: Limits) -> Denial | None:
    """A limit far on the paying side is a slip of the hand; on the other side it only waits. One
    that waits for a stop is measured from there.
    """
    if request.price is None:
        return None
    last, sign = book.prices[request.instrument], request.side.sign
    reached = request.terms.stop_price or last
    start = max(last, reached) if sign > 0 else min(last, reached)
    beyond = (request.price - start) * sign / start
    if beyond <= limits.price_collar:
        return None
    share = f"{beyond:.4f}"
    return _deny(
        Reason.PRICE_COLLAR, price=request.price, last=last, beyond=share, limit=limits.price_collar
    )


def _sell(request: OrderRequest, book: RiskBook, limits: Limits) -> Denial | None:
    low = book.of(request.instrument).low
    if (
        request.terms.reduce_only
        or not limits.long_only
        or low + request.signed >= 0
        or request.signed > 0
    ):
        return None
    return _deny(Reason.SELL_BEYOND_POSITION, quantity=request.quantity, position=low)


def _reducing(request: OrderRequest, book: RiskBook, limits: Limits) -> Denial | None:
    if limits.state is not RiskState.REDUCING or reduces(request, book):
        return None
    return _deny(Reason.REDUCING, why=limits.why or "-")


def _order_value(request: OrderRequest, book: RiskBook, limits: Limits) -> Denial | None:
    price = request.price or request.terms.stop_price or book.prices[request.instrument]
    value = request.quantity * price
    if value <= limits.max_order_value or reduces(request, book):
        return None
    return _deny(Reason.ORDER_VALUE, value=value, limit=limits.max_order_value)


def _position_weight(request: OrderRequest, book: RiskBook, limits: Limits) -> Denial | None:
    value = book.after(request).value(request.instrument)
    if value <= limits.max_position_weight * book.equity or reduces(request, book):
        return None
    weight = _share(value, book.equity)
    return _deny(Reason.POSITION_WEIGHT, weight=weight, limit=limits.max_position_weight)


def _concentration(request: OrderRequest, book: RiskBook, limits: Limits) -> Denial | None:
    found = book.after(request).concentration()
    if found <= limits.max_concentration * DRIFT**2 or reduces(request, book):
        return None
    return _deny(Reason.CONCENTRATION, concentration=f"{found:.4f}", limit=limits.max_concentration)


def _gross_exposure(request: OrderRequest, book: RiskBook, limits: Limits) -> Denial | None:
    gross = book.after(request).gross()
    if gross <= limits.max_gross_exposure * DRIFT * book.equity or reduces(request, book):
        return None
    exposure = _share(gross, book.equity)
    return _deny(Reason.GROSS_EXPOSURE, exposure=exposure, limit=limits.max_gross_exposure)


def _daily_loss(request: OrderRequest, book: RiskBook, limits: Limits) -> Denial | None:
    return _loss(Reason.DAILY_LOSS, book.day_start_equity, limits.max_daily_loss, request, book)


def _drawdown(request: OrderRequest, book: RiskBook, limits: Limits) -> Denial | None:
    return _loss(Reason.DRAWDOWN, book.peak_equity, limits.max_drawdown, request, book)


def _loss(
    reason: Reason, start: Decimal, limit: Decimal, request: OrderRequest, book: RiskBook
) -> Denial | None:
    lost = start - book.equity
    if lost <= limit * start or reduces(request, book):
        return None
    return _deny(reason, loss=_share(lost, start), limit=limit)


_RULES: tuple[Rule, ...] = (
    _halted,
    _instrument,
    _quantity,
    _rate,
    _price_collar,
    _sell,
    _reducing,
    _order_value,
    _position_weight,
    _concentration,
    _gross_exposure,
    _daily_loss,
    _drawdown,
)


def _share(part: Decimal, whole: Decimal) -> str:
    return f"{part / whole:.4f}" if whole > 0 else "inf"


def _deny(reason: Reason, **context: object) -> Denial:
    return Denial(reason, {key: str(value) for key, value in context.items()})
