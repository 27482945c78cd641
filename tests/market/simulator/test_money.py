"""Where float64 becomes Decimal: half-even, exact places, the same for arrays and amounts."""

from decimal import ROUND_HALF_EVEN, Decimal

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from market.simulator.costs import CostModel
from market.simulator.fills import commissions, fill_prices
from market.simulator.money import (
    quantise_fee,
    quantise_price,
    quantise_quantity,
    rounded,
    to_cents,
    to_float,
)


@pytest.mark.parametrize(
    ("amount", "cents"),
    [(1.005, "1.00"), (1.015, "1.02"), (1.025, "1.02"), (2.675, "2.68"), (-0.125, "-0.12"),
     (-0.001, "0.00"), (0.1 + 0.2, "0.30"), (1e6 + 0.005, "1000000.00"), (5, "5.00")],
)  # fmt: skip
def test_cents_are_half_even(amount: float, cents: str) -> None:
    assert str(to_cents(amount)) == cents


@given(st.integers(-(10**11), 10**11))
@example(5)
@example(15)
def test_thousandths_round_as_decimals_do(thousandths: int) -> None:
    wanted = (Decimal(thousandths) / 1000).quantize(Decimal("0.01"), ROUND_HALF_EVEN)
    assert to_cents(thousandths / 1000) == wanted
    assert to_float(wanted) == rounded(thousandths / 1000, 2)


@given(st.lists(st.floats(-1e7, 1e7), min_size=1), st.integers(0, 6))
def test_arrays_and_amounts_round_alike(values: list[float], decimals: int) -> None:
    array = rounded(np.array(values), decimals)
    assert [to_float(quantise_price(value, decimals)) for value in values] == array.tolist()


def test_places_are_exact() -> None:
    assert str(quantise_price(1.1, 5)) == "1.10000"
    assert str(quantise_quantity(7.0)) == "7"
    assert str(quantise_fee(0.5)) == "0.50"


@pytest.mark.parametrize("amount", [float("nan"), float("inf")])
def test_what_is_no_amount_is_refused(amount: float) -> None:
    with pytest.raises(ValueError, match="no amount of money"):
        to_cents(amount)


@given(st.floats(1, 1000), st.integers(1, 10_000), st.sampled_from([-1.0, 1.0]))
def test_a_booked_fill_is_the_simulated_one(price: float, quantity: int, side: float) -> None:
    """Rounding the exact fill to Decimal gives what the simulator itself rounds to."""
    exact = CostModel()
    bar = (np.array([price]), np.array([price * 1.1]), np.array([price * 0.9]))
    sides = np.array([side * quantity])
    fill = fill_prices(sides, *bar, exact)
    booked = quantise_price(float(fill[0]))
    fee = quantise_fee(float(commissions(sides, np.array([to_float(booked)]), exact)[0]))
    cents = exact.to_the_cent()
    simulated = fill_prices(sides, *bar, cents)
    assert to_float(booked) == simulated[0]
    assert to_float(fee) == commissions(sides, simulated, cents)[0]
