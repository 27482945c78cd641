"""What costs are by hand, and where the step needs more than prices to charge them."""

import numpy as np
import pytest
from hypothesis import given

from market.simulator.accounting import carry
from market.simulator.costs import FREE, CostModel
from market.simulator.fills import Liquidity, commission_of, commissions, impacts
from market.simulator.step import Book, start, step
from tests.market.simulator.strategies import MANY, World, worlds

ONE = np.array([1.0])


def test_commission_is_by_value_and_unit_at_least_the_minimum() -> None:
    costs = CostModel(commission_bps=1.0, per_share=0.01, minimum_commission=2.0)
    units, prices = np.array([1_000.0, -10.0, 0.0]), np.array([50.0, 50.0, 50.0])
    assert commissions(units, prices, costs).tolist() == [15.0, 2.0, 0.0]


def test_an_order_filled_in_parts_pays_the_minimum_once() -> None:
    costs = CostModel(commission_bps=1.0, minimum_commission=2.0)
    first = commission_of(10 * ONE, 1_000 * ONE, costs)
    whole = commission_of(1_000 * ONE, 100_000 * ONE, costs)
    assert (first.item(), (whole - first).item()) == (2.0, 8.0)


def test_impact_is_the_square_root_law() -> None:
    """A tenth of a day's volume at 2 % volatility: 0.7 x 2 % x √0.1."""
    moved = impacts(-1_000 * ONE, 10_000 * ONE, 0.02 * ONE, CostModel(impact=0.7))
    assert np.asarray(moved).item() == pytest.approx(0.7 * 0.02 * 0.1**0.5)
    unknown = impacts(1_000 * ONE, np.nan * ONE, 0.02 * ONE, CostModel(impact=0.7))
    assert np.asarray(unknown).item() == 0.0


def test_carry_over_a_weekend_by_hand() -> None:
    """Three days: 2 % on 100,000 of cash, 5 % on a short position of 30,000."""
    costs = CostModel(cash_rate=0.02, borrow_rate=0.05, debit_rate=0.08)
    held = np.array([-100.0, 50.0])
    gained = carry(100_000.0, held, np.array([300.0, 10.0]), 3.0, costs)
    assert gained == pytest.approx((2_000 - 1_500) * 3 / 365)
    assert carry(-1_000.0, 0 * held, held, 3.0, costs) == pytest.approx(-80 * 3 / 365)


def test_the_step_takes_what_the_volume_leaves_and_moves_the_price() -> None:
    costs = CostModel(0.0, 0.0, 0.0, 0.0, volume_share=0.1, impact=1.0)
    liquidity = Liquidity(np.array([305.0]), np.array([3_000.0]), np.array([0.1]))
    price = np.array([100.0])
    bar = (price, 2 * price, price / 2, price)
    book, out = step(start(1e5, 1), ONE, price, *bar, costs, liquidity=liquidity)
    assert out.quantities.tolist() == [30.0]
    assert out.prices[0] == pytest.approx(100 * (1 + 0.1 * 0.1))
    assert book.cash == pytest.approx(1e5 - 30 * 101.0)


def test_the_step_carries_over_calendar_days() -> None:
    price = np.array([100.0])
    costs = CostModel(0.0, 0.0, 0.0, 0.0, cash_rate=0.0365)
    book, out = step(start(1e4, 1), 0 * ONE, price, price, price, price, price, costs, days=3.0)
    assert out.carried == pytest.approx(3.0)
    assert book.cash == out.equity == pytest.approx(10_003.0)


@pytest.mark.parametrize(
    ("costs", "what"),
    [
        (CostModel(volume_share=0.1), "volume_share needs the bars' volume"),
        (CostModel(impact=1.0), "impact needs daily_volume and volatility"),
    ],
)
def test_costs_that_need_more_than_prices_say_so(costs: CostModel, what: str) -> None:
    price = np.array([100.0])
    with pytest.raises(ValueError, match=what):
        step(start(1e4, 1), ONE, price, price, price, price, price, costs)


def test_fields_in_use_are_named_and_costs_multiply() -> None:
    assert CostModel().later_fields == ()
    assert CostModel(per_share=0.1, cash_rate=-0.01).later_fields == ("per_share", "cash_rate")
    dear = CostModel(per_share=0.1, volume_share=0.1, cash_rate=0.02, price_decimals=2).times(2)
    assert dear == CostModel(2, 0, 1, 1, 2, per_share=0.2, volume_share=0.1, cash_rate=0.02)
    with pytest.raises(ValueError, match="borrow_rate is -1; a cost is finite and not negative"):
        CostModel(borrow_rate=-1)


@MANY
@given(worlds())
def test_any_lot_is_a_fraction_of_the_whole(world: World) -> None:
    """Lots of 0 fill exactly what brings the book to its weights."""
    book, targets, decision, open_, high, low, close, _, _, _ = world
    book = Book(np.abs(book.cash) + 1.0, book.positions)
    after, _ = step(book, targets, decision, open_, high, low, close, FREE, lots=0.0)
    worth = book.cash + (book.positions * decision).sum(-1)
    np.testing.assert_allclose(after.positions * decision, targets * worth[:, None], atol=1e-3)
