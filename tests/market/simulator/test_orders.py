"""Sizing: whole lots toward zero, nothing inside the band."""

import numpy as np
from hypothesis import given

from market.simulator.accounting import equity
from market.simulator.orders import order_quantities
from tests.market.simulator.strategies import MANY, World, worlds


def size(
    weight: float, *, position: float = 0.0, price: float = 100.0, lot: float = 1.0, band: float = 0
) -> float:
    """The order of a one-instrument book of 10,000."""
    one = np.array([weight])
    return float(
        order_quantities(one, 10_000.0, np.array([price]), np.array([position]), lot, band)[0]
    )


def test_lots_are_rounded_toward_zero() -> None:
    assert size(0.5) == 50
    assert size(0.509) == 50
    assert size(0.559, lot=10) == 50
    assert size(0.0, position=37) == -37
    assert size(0.0, position=37, lot=10) == -30
    assert size(0.2, position=37.5) == -17


def test_nothing_inside_the_band() -> None:
    assert size(0.52, position=50, band=0.02) == 0
    assert size(0.53, position=50, band=0.02) == 3


def test_a_whole_lot_that_floats_miss_is_that_lot() -> None:
    assert 0.29 * 100 < 29
    one = np.array([1.0])
    assert order_quantities(np.array([0.29]), 100.0, one, 0 * one).tolist() == [29.0]


def test_no_price_no_order() -> None:
    for price in (0.0, -1.0, float("nan")):
        assert size(0.5, price=price) == 0


def test_a_book_without_equity_is_reduced() -> None:
    quantities = order_quantities(
        np.array([0.5]), np.array(-100.0), np.array([10.0]), np.array([5.0])
    )
    assert quantities.tolist() == [-5.0]


@MANY
@given(worlds())
def test_orders_are_whole_lots_that_never_overshoot(world: World) -> None:
    worth = equity(world.book.cash, world.book.positions, world.decision)
    quantities = order_quantities(
        world.targets, worth, world.decision, world.book.positions, world.lots, world.band
    )
    lots = quantities / world.lots
    np.testing.assert_array_equal(lots, np.rint(lots))
    off = world.targets * worth[:, None] - world.book.positions * world.decision
    left = off - quantities * world.decision
    assert (np.abs(left) <= np.abs(off) + 1e-6).all()
    assert (np.abs(quantities[np.abs(off) <= world.band * worth[:, None]]) == 0).all()
    moved = quantities != 0
    assert (np.abs(left) < world.lots * world.decision + 1e-6)[moved].all()
