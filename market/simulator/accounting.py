"""Books: cash, positions, and what they are worth."""

import numpy as np

from market.simulator.costs import CostModel
from market.simulator.money import Floats

_DAYS_A_YEAR = 365.0


def apply_fills(
    cash: Floats | float, positions: Floats, quantities: Floats, prices: Floats, fees: Floats
) -> tuple[Floats, Floats]:
    """(cash (...), positions (..., k)) after fills of signed `quantities` at `prices`.

    `fees` (..., k) are paid from cash. Cash + Σ position x price + fees is the same before and
    after.
    """
    paid = np.where(quantities != 0, quantities * prices, 0.0) + fees
    return cash - paid.sum(axis=-1), positions + quantities


def equity(cash: Floats | float, positions: Floats, prices: Floats) -> Floats:
    """Cash + Σ position x price (...); an instrument that is not held needs no price."""
    values: Floats = cash + np.where(positions != 0, positions * prices, 0.0).sum(axis=-1)
    return values


def carry(
    cash: Floats | float,
    positions: Floats,
    prices: Floats,
    days: Floats | float,
    costs: CostModel,
) -> Floats:
    """What `days` of calendar time add to cash (...): interest earned on cash or paid on debt, less
    the borrow cost of short positions at `prices`. Simple rates, actual days / 365.
    """
    short = np.where(positions < 0, -positions * prices, 0.0).sum(axis=-1)
    earned = np.maximum(cash, 0.0) * costs.cash_rate + np.minimum(cash, 0.0) * costs.debit_rate
    gained: Floats = (earned - short * costs.borrow_rate) * (days / _DAYS_A_YEAR)
    return gained
