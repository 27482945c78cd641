"""Sizing is the simulator's own, with open orders counted in."""

from decimal import Decimal as D

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ai_pod.contracts.signals import BAND
from backend.trading.sizing import Target, orders_for
from backend.trading.words import Side
from market.simulator.orders import order_quantities
from tests.support.build_trading import AAPL, IBM, INSTRUMENTS

weights = st.floats(0, 0.5)
quantities = st.integers(0, 300)
prices = st.floats(20, 700)


@given(weights, weights, quantities, quantities, prices, prices)
def test_orders_are_the_simulators(
    wa: float, wi: float, qa: int, qi: int, pa: float, pi: float
) -> None:
    target = Target({AAPL: wa, IBM: wi}, {AAPL: pa, IBM: pi})
    held = {AAPL: D(qa), IBM: D(qi)}
    orders = orders_for(target, D(50_000), held, INSTRUMENTS)
    equity = 50_000 + qa * pa + qi * pi
    wanted = order_quantities(
        np.array([wa, wi]), equity, np.array([pa, pi]), np.array([qa, qi]), 1.0, BAND
    )
    got = {order.instrument: float(order.signed) for order in orders}
    expected = dict(zip((AAPL, IBM), wanted.tolist(), strict=True))
    assert got == {name: quantity for name, quantity in expected.items() if quantity}


def test_sales_come_first() -> None:
    target = Target({AAPL: 0.5, IBM: 0.0}, {AAPL: 100.0, IBM: 100.0})
    orders = orders_for(target, D(0), {IBM: D(1_000)}, INSTRUMENTS)
    assert [(one.side, one.instrument) for one in orders] == [(Side.SELL, IBM), (Side.BUY, AAPL)]


def test_what_cannot_be_traded_or_has_no_price_is_left_alone() -> None:
    target = Target({AAPL: 0.5, "XNYS:NONE": 0.5, IBM: 0.5}, {AAPL: 100.0, "XNYS:NONE": 1.0})
    orders = orders_for(target, D(10_000), {}, INSTRUMENTS)
    assert [(one.instrument, one.quantity) for one in orders] == [(AAPL, D(50))]


def test_holdings_outside_of_the_decision_count_as_worth() -> None:
    target = Target({AAPL: 1.0}, {AAPL: 100.0, IBM: 50.0})
    orders = orders_for(target, D(1_000), {IBM: D(20)}, INSTRUMENTS)
    assert [one.quantity for one in orders] == [D(20)]
