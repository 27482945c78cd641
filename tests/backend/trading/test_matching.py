"""The paper venue fills by the simulator's functions to the cent, whatever the order of arrival."""

from datetime import timedelta
from decimal import Decimal as D

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.models import Order
from backend.trading.matching import COSTS, BarWindow, Outcome, awaits, looked_at, play
from market.simulator import step
from market.simulator.money import quantise_price, to_cents
from market.words import Bar
from tests.support.build_trading import IBM, INSTRUMENTS, MINUTE, T0, bar

prices = st.floats(5, 900).map(lambda value: round(value, 2))


def order(side: str = "buy", quantity: int = 10, limit: str | None = None) -> Order:
    return Order(
        id="order_1",
        instrument=IBM,
        side=side,
        type="market" if limit is None else "limit",
        quantity=D(quantity),
        filled=D(0),
        limit_price=None if limit is None else D(limit),
        time_in_force="gtc",
        traded_value=D(0),
        fees=D(0),
        active_from=T0,
    )


def match(its: Order, window: BarWindow) -> Outcome | None:
    """The bar that fills it; None when it is not there yet."""
    bars = list(window.starting_from(its.instrument, looked_at(its)))
    outcomes = play([its], D(0), bars, INSTRUMENTS[IBM]) if bars else []
    assert (not bars) or awaits(its, bars) == (not outcomes)
    return outcomes[0] if outcomes else None


def window(*bars: Bar) -> BarWindow:
    its = BarWindow()
    its.add(bars)
    return its


@given(open_=prices, spread=st.floats(0, 3), quantity=st.integers(1, 5_000), buy=st.booleans())
def test_fills_equal_the_simulators_to_the_cent(
    open_: float, spread: float, quantity: int, buy: bool
) -> None:
    low, high = round(max(0.01, open_ - spread), 2), round(open_ + spread, 2)
    its = Bar(
        instrument=IBM,
        interval=bar(IBM, T0).interval,
        start=T0,
        end=T0 + MINUTE,
        open=open_,
        high=high,
        low=low,
        close=open_,
        volume=1.0,
    )
    met = match(order("buy" if buy else "sell", quantity), window(its))
    assert met is not None
    worth = np.array([1e7])
    target = np.array([quantity * open_ / 1e7])
    book = step.Book(worth[0], np.array([0.0 if buy else float(quantity)]))
    if not buy:
        book, target = step.Book(np.float64(1e7 - quantity * open_), book.positions), target * 0
    _, outcome = step.step(
        book,
        target,
        np.array([open_]),
        np.array([open_]),
        np.array([high]),
        np.array([low]),
        np.array([open_]),
        COSTS.to_the_cent(),
    )
    assert abs(outcome.quantities[0]) == quantity
    assert met.price == quantise_price(float(outcome.prices[0]))
    assert met.fee == to_cents(float(outcome.commissions[0]))


@given(st.permutations(range(6)), st.integers(-3, 3))
def test_the_first_bar_that_starts_at_or_after_counts_in_any_order_of_arrival(
    arrival: list[int], first: int
) -> None:
    bars = [bar(IBM, T0 + (first + n) * MINUTE, 100.0 + n) for n in range(6)]
    its = BarWindow()
    for n in arrival:
        its.add([bars[n]])
    met = match(order(), its)
    assert met is not None
    assert met.bar == next(one for one in bars if one.start >= T0)


def test_the_decisions_own_bar_never_fills_it() -> None:
    assert match(order(), window(bar(IBM, T0 - MINUTE))) is None
    assert match(order(), window(bar("XNYS:AAPL", T0))) is None


def test_after_the_last_bar_of_a_session_the_next_sessions_first_bar_fills() -> None:
    morning = T0 + timedelta(hours=17)
    met = match(order(), window(bar(IBM, T0 - MINUTE), bar(IBM, morning, 90.0)))
    assert met is not None
    assert met.bar.start == morning


@pytest.mark.parametrize(
    ("side", "limit", "expected"),
    [
        ("buy", "99.50", "99.50"),
        ("buy", "101.00", "100.01"),
        ("buy", "98.99", None),
        ("sell", "100.50", "100.50"),
        ("sell", "99.00", "99.99"),
        ("sell", "101.01", None),
    ],
)
def test_a_limit_order_fills_at_its_limit_or_better(
    side: str, limit: str, expected: str | None
) -> None:
    met = match(order(side, limit=limit), window(bar(IBM, T0, 100.0)))
    assert (None if met is None else met.price) == (None if expected is None else D(expected))


def test_a_limit_order_waits_for_the_bar_that_reaches_it() -> None:
    bars = [bar(IBM, T0 + n * MINUTE, 100.0 - n) for n in range(4)]
    met = match(order("buy", limit="97.00"), window(*bars))
    assert met is not None
    assert (met.bar.start, met.price) == (T0 + 2 * MINUTE, D("97.00"))


def test_the_window_forgets_the_oldest_bars() -> None:
    its = BarWindow(most=3)
    its.add(bar(IBM, T0 + n * MINUTE) for n in range(5))
    starts = [one.start for one in its.starting_from(IBM, T0)]
    assert starts == [T0 + n * MINUTE for n in (2, 3, 4)]
