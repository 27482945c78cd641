"""One bar of a simulated book: size at the decision, fill at the next bar's open, mark at its
close.
"""

from typing import NamedTuple

import numpy as np

from market.simulator.accounting import apply_fills, carry, equity
from market.simulator.costs import CostModel
from market.simulator.fills import UNKNOWN, Liquidity, commissions, fill_prices, impacts, room
from market.simulator.money import Floats
from market.simulator.orders import order_quantities


class Book(NamedTuple):
    """`cash` (...) and `positions` (..., k)."""

    cash: Floats
    positions: Floats


class StepOutcome(NamedTuple):
    """What one step did. `equity`, `fees`, `turnover` are (...), the fills (..., k).

    `turnover` is the traded value over the equity at the decision; `carried` (...) is what holding
    added to cash, interest less borrow cost.
    """

    equity: Floats
    fees: Floats
    turnover: Floats
    quantities: Floats
    prices: Floats
    commissions: Floats
    carried: Floats | float = 0.0


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
    liquidity: Liquidity = UNKNOWN,
    days: Floats | float = 0.0,
) -> tuple[Book, StepOutcome]:
    """The book after one bar, and what happened.

    Orders are sized at `decision_prices` (the close of the bar that was decided on) and fill
    within the bar that follows; without an open (NaN or ≤ 0) an instrument does not trade.
    Prices are (..., k) or (k,). Buying is not capped by cash: a fully invested book whose open
    gaps upwards owes the difference, as on a margin account. What `liquidity` does not take under
    the volume cap is dropped, the next decision sizes anew; `days` is the calendar time since the
    decision, for interest and borrow cost.
    """
    before = equity(book.cash, book.positions, decision_prices)
    wanted = order_quantities(target_weights, before, decision_prices, book.positions, lots, band)
    quantities = np.where(bar_open > 0, wanted, 0.0)
    if costs.volume_share:
        most = room(liquidity.volume, lots, costs)
        quantities = np.clip(quantities, -most, most)
    moved = impacts(quantities, liquidity.daily_volume, liquidity.volatility, costs)
    prices = fill_prices(quantities, bar_open, bar_high, bar_low, costs, moved)
    fees = commissions(quantities, prices, costs)
    carried: Floats | float = 0.0
    if costs.carries:
        carried = carry(book.cash, book.positions, decision_prices, days, costs)
    after = Book(*apply_fills(book.cash + carried, book.positions, quantities, prices, fees))
    traded = np.where(quantities != 0, np.abs(quantities) * prices, 0.0).sum(axis=-1)
    turnover = np.divide(traded, before, out=np.zeros_like(traded), where=before > 0)
    worth = equity(after.cash, after.positions, bar_close)
    total = fees.sum(axis=-1)
    return after, StepOutcome(worth, total, turnover, quantities, prices, fees, carried)
