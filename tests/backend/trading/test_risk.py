"""The risk check: one order for each reason, and what must pass."""

from dataclasses import replace
from decimal import Decimal as D

import pytest

from backend.models import RiskState
from backend.trading.denials import sentence
from backend.trading.exposure import Exposure
from backend.trading.risk import Limits, OrderRequest, Reason, RiskBook, check
from backend.trading.terms import Terms
from backend.trading.words import OrderType, Side

LIMITS = Limits(
    max_order_value=D(50_000),
    max_position_weight=D("0.6"),
    max_gross_exposure=D(1),
    max_daily_loss=D("0.1"),
    max_orders_per_minute=10,
    max_concentration=D("0.7"),
    max_drawdown=D("0.2"),
    price_collar=D("0.1"),
)
BOOK = RiskBook(
    equity=D(100_000),
    day_start_equity=D(100_000),
    exposures={"XNYS:IBM": Exposure(D(100)), "XNYS:MSFT": Exposure(D(700))},
    prices={"XNYS:IBM": D(100), "XNYS:AAPL": D(100), "XNYS:MSFT": D(100)},
    lots={"XNYS:IBM": D(1), "XNYS:AAPL": D(1), "XNYS:MSFT": D(1), "XNYS:GOOG": D(1)},
)


def _terms(price: D | None) -> Terms:
    return Terms() if price is None else Terms(OrderType.LIMIT, limit_price=price)


def buy(quantity: int, instrument: str = "XNYS:IBM", price: D | None = None) -> OrderRequest:
    return OrderRequest(instrument, Side.BUY, D(quantity), _terms(price))


def sell(quantity: int, instrument: str = "XNYS:IBM", price: D | None = None) -> OrderRequest:
    return OrderRequest(instrument, Side.SELL, D(quantity), _terms(price))


def with_ibm(**orders: D) -> RiskBook:
    return replace(BOOK, exposures=BOOK.exposures | {"XNYS:IBM": Exposure(D(100), **orders)})


REDUCING = replace(LIMITS, state=RiskState.REDUCING, why="stale_feed")
DENIED = [
    (buy(1), BOOK, replace(LIMITS, state=RiskState.HALTED, why="panic"), Reason.HALTED),
    (buy(1, "XNYS:NONE"), BOOK, LIMITS, Reason.UNKNOWN_INSTRUMENT),
    (buy(1, "XNYS:GOOG"), BOOK, LIMITS, Reason.NO_PRICE),
    (buy(0), BOOK, LIMITS, Reason.QUANTITY),
    (OrderRequest("XNYS:IBM", Side.BUY, D("1.5")), BOOK, LIMITS, Reason.QUANTITY),
    (buy(1), replace(BOOK, orders_last_minute=10), LIMITS, Reason.ORDER_RATE),
    (sell(101), BOOK, LIMITS, Reason.SELL_BEYOND_POSITION),
    (sell(1, "XNYS:AAPL"), BOOK, LIMITS, Reason.SELL_BEYOND_POSITION),
    (sell(60), with_ibm(may_sell=D(41)), LIMITS, Reason.SELL_BEYOND_POSITION),
    (sell(101), with_ibm(may_buy=D(41)), LIMITS, Reason.SELL_BEYOND_POSITION),
    (buy(1, price=D(111)), BOOK, LIMITS, Reason.PRICE_COLLAR),
    (sell(1, price=D(89)), BOOK, LIMITS, Reason.PRICE_COLLAR),
    (buy(1), BOOK, REDUCING, Reason.REDUCING),
    (sell(60), with_ibm(sold=D(41), bought=D(41)), REDUCING, Reason.REDUCING),
    (buy(501), BOOK, LIMITS, Reason.ORDER_VALUE),
    (buy(460, price=D(110)), BOOK, LIMITS, Reason.ORDER_VALUE),
    (buy(501), BOOK, replace(LIMITS, max_order_value=D(99_999)), Reason.POSITION_WEIGHT),
    (buy(300), BOOK, LIMITS, Reason.GROSS_EXPOSURE),
    (buy(400), BOOK, replace(LIMITS, max_gross_exposure=D(2)), Reason.CONCENTRATION),
    (buy(1), replace(BOOK, equity=D(89_999)), LIMITS, Reason.DAILY_LOSS),
    (buy(1), replace(BOOK, peak_equity=D(125_001)), LIMITS, Reason.DRAWDOWN),
]


@pytest.mark.parametrize(("request_", "book", "limits", "reason"), DENIED)
def test_denied_with_its_reason(
    request_: OrderRequest, book: RiskBook, limits: Limits, reason: Reason
) -> None:
    denial = check(request_, book, limits)
    assert denial is not None
    assert denial.reason is reason
    assert denial.context
    assert sentence(denial.reason, denial.context)


def test_every_reason_is_tried() -> None:
    assert {reason for *_, reason in DENIED} == set(Reason)


def test_within_the_limits_an_order_passes() -> None:
    assert check(buy(100), BOOK, LIMITS) is None


@pytest.mark.parametrize("quantity", [1, 100, 700])
def test_selling_out_passes_whatever_the_exposure_and_the_loss(quantity: int) -> None:
    lost = replace(BOOK, equity=D(20_000))
    assert check(sell(quantity, "XNYS:MSFT"), lost, LIMITS) is None


def test_a_far_limit_that_only_waits_passes_the_collar() -> None:
    assert check(buy(1, price=D(10)), BOOK, LIMITS) is None
    assert check(sell(1, price=D(1000)), BOOK, LIMITS) is None


def test_a_limit_that_waits_for_a_stop_is_measured_from_there() -> None:
    for limit, passes in ((D(125), True), (D(140), False)):
        terms = Terms(OrderType.STOP_LIMIT, limit_price=limit, stop_price=D(120))
        denial = check(OrderRequest("XNYS:IBM", Side.BUY, D(1), terms), BOOK, LIMITS)
        assert (denial is None) is passes


@pytest.mark.parametrize("quantity", [1, 99, 100])
def test_while_reducing_a_smaller_position_passes(quantity: int) -> None:
    assert check(sell(quantity), BOOK, REDUCING) is None
