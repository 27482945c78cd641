"""Properties of the one simulator: nothing is made or lost, and a batch is many single books."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given

from market.simulator.accounting import equity
from market.simulator.costs import FREE, CostModel
from market.simulator.step import Book, StepOutcome, start, step
from tests.market.simulator.strategies import MANY, World, worlds


def run(world: World) -> tuple[Book, StepOutcome]:
    book, targets, decision, open_, high, low, close, costs, lots, band = world
    return step(book, targets, decision, open_, high, low, close, costs, lots, band)


@MANY
@given(worlds())
def test_money_is_neither_made_nor_lost(world: World) -> None:
    book, out = run(world)
    before = world.book.cash + (world.book.positions * out.prices).sum(-1)
    after = book.cash + (book.positions * out.prices).sum(-1) + out.fees
    np.testing.assert_allclose(after, before, rtol=1e-12, atol=1e-6)
    np.testing.assert_allclose(book.positions - world.book.positions, out.quantities)
    np.testing.assert_allclose(out.equity, equity(book.cash, book.positions, world.close))


@MANY
@given(worlds())
def test_fills_lie_within_the_bar_and_never_better_than_the_open(world: World) -> None:
    _, out = run(world)
    traded = out.quantities != 0
    assert (out.prices <= world.high)[traded].all()
    assert (out.prices >= world.low)[traded].all()
    exact = replace(world.costs, price_decimals=None)
    _, out = run(world._replace(costs=exact))
    worse = np.sign(out.quantities) * (out.prices - world.open)
    assert (worse >= -1e-9)[traded].all()


@MANY
@given(worlds())
def test_a_batch_is_many_single_books(world: World) -> None:
    batched, out = run(world)
    for row in range(len(world.book.cash)):
        book, single = run(
            world._replace(
                book=Book(world.book.cash[row], world.book.positions[row]),
                **{
                    name: getattr(world, name)[row]
                    for name in ("targets", "decision", "open", "high", "low", "close")
                },
            )
        )
        np.testing.assert_array_equal(batched.positions[row], book.positions)
        np.testing.assert_allclose(batched.cash[row], book.cash, rtol=1e-12, atol=1e-7)
        np.testing.assert_allclose(out.equity[row], single.equity, rtol=1e-12, atol=1e-7)


@MANY
@given(worlds())
def test_costs_never_help(world: World) -> None:
    _, paid = run(world)
    _, free = run(world._replace(costs=FREE))
    exact = world.costs.price_decimals is None
    # A rounded fill may be better than the open by half the last place.
    slack = 0.0 if exact else np.abs(paid.quantities).sum(-1) * 0.005
    assert (free.equity + slack >= paid.equity - 1e-6).all()
    assert (free.fees == 0).all()
    assert (paid.fees >= 0).all()


@MANY
@given(worlds())
def test_the_order_of_instruments_does_not_matter(world: World) -> None:
    order = np.random.default_rng(0).permutation(len(world.lots))
    _, out = run(world)
    book, turned = run(
        world._replace(
            book=Book(world.book.cash, world.book.positions[:, order]),
            lots=world.lots[order],
            **{
                name: getattr(world, name)[:, order]
                for name in ("targets", "decision", "open", "high", "low", "close")
            },
        )
    )
    np.testing.assert_array_equal(out.quantities[:, order], turned.quantities)
    np.testing.assert_array_equal(out.prices[:, order], turned.prices)
    np.testing.assert_allclose(out.equity, turned.equity, rtol=1e-12, atol=1e-7)
    assert book.positions.shape == turned.quantities.shape


def test_a_bar_by_hand() -> None:
    """10,000 half into one share at 100: sized at the close, filled at the open, marked after."""
    price = np.array([100.0, 50.0])
    costs = CostModel(commission_bps=10, half_spread_bps=5, slippage_bps=5).to_the_cent()
    book, out = step(
        start(10_000.0, 2),
        np.array([0.5, 0.0]),
        price,
        np.array([101.0, 50.0]),
        np.array([102.0, 51.0]),
        np.array([100.5, 49.0]),
        np.array([101.5, 50.0]),
        costs,
    )
    assert out.quantities.tolist() == [50.0, 0.0]
    assert out.prices[0] == 101.10
    assert out.commissions.tolist() == [5.06, 0.0]  # 5055.00 x 0.001 = 5.055, half to even
    assert book.cash == pytest.approx(10_000 - 5_055 - 5.06)
    assert out.turnover == pytest.approx(5_055 / 10_000)
    assert out.equity == pytest.approx(4_939.94 + 50 * 101.5)


def test_an_instrument_without_a_bar_does_not_trade() -> None:
    price = np.array([100.0, 50.0])
    no_open = np.array([np.nan, 50.0])
    book, out = step(
        start(10_000.0, 2), np.array([0.5, 0.5]), price, no_open, no_open, no_open, price, FREE
    )
    assert out.quantities.tolist() == [0.0, 100.0]
    assert np.isfinite(out.equity)
    assert np.isfinite(book.cash)
    assert out.fees == 0.0


def test_costs_are_never_negative() -> None:
    with pytest.raises(ValueError, match="half_spread_bps"):
        CostModel(half_spread_bps=-1)
    with pytest.raises(ValueError, match="commission_bps"):
        CostModel(commission_bps=float("nan"))
