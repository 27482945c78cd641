"""One bar of a simulated book: size at the decision, fill at the next bar's open, mark at its
close.
"""

from typing import NamedTuple

import numpy as np

from market.simulator.accounting import apply_fills, equity
from market.simulator.costs import CostModel
from market.simulator.fills import commissions, fill_prices
from market.simulator.money import Floats
from market.simulator.orders import order_quantities


class Book(NamedTuple):
    """`cash` (...) and `positions` (..., k)."""

    cash: Floats
    positions: Floats


class StepOutcome(NamedTuple):
    """What one step did. `equity`, `fees`, `turnover` are (...), the fills (..., k).

    `turnover` is the traded value over the equity at the decision.
    """

    equity: Floats
    fees: Floats
    turnover: Floats
    quantities: Floats
    prices: Floats
    commissions: Floats


def start(cash: float, k: int, batch: tuple[int, ...] = ()) -> Book:
    """A book of `cash` alone."""
    return Book(np.full(batch, cash, dtype=np.float64), np.zeros((*batch, k)))


def step(
    book: Book,
    target_weights: Floats,
    decision_prices: Floats,
    bar_open: Floats,
    bar_high: Floats,
    bar_low: Floats,
    bar_close: Floats,
    costs: CostModel,
    lots: Floats | float = 1.0,
    band: float = 0.0,
) -> tuple[Book, StepOutcome]:
    """The book after one bar, and what happened.

    Orders are sized at `decision_prices` (the close of the bar that was decided on) and fill
    within the bar that follows; without an open (NaN or ≤ 0) an instrument does not trade.
    Prices are (..., k) or (k,). Buying is not capped by cash: a fully invested book whose open
    gaps upwards owes the difference, as on a margin account.
    """
    before = equity(book.cash, book.positions, decision_prices)
    wanted = order_quantities(target_weights, before, decision_prices, book.positions, lots, band)
    quantities = np.where(bar_open > 0, wanted, 0.0)
    prices = fill_prices(quantities, bar_open, bar_high, bar_low, costs)
    fees = commissions(quantities, prices, costs)
    after = Book(*apply_fills(book.cash, book.positions, quantities, prices, fees))
    traded = np.where(quantities != 0, np.abs(quantities) * prices, 0.0).sum(axis=-1)
    turnover = np.divide(traded, before, out=np.zeros_like(traded), where=before > 0)
    worth = equity(after.cash, after.positions, bar_close)
    return after, StepOutcome(worth, fees.sum(axis=-1), turnover, quantities, prices, fees)
