"""Books over many bars: to the cent what a ledger in `Decimal` says, and deaf to the future."""

from decimal import Decimal
from typing import NamedTuple

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from market.simulator.costs import CostModel
from market.simulator.money import Floats, quantise_fee, quantise_price, to_cents
from market.simulator.orders import order_quantities
from market.simulator.step import Book, StepOutcome, equity, start, step
from tests.market.simulator.strategies import COSTS, MANY

CASH = 100_000.0


class Path(NamedTuple):
    """Prices in cents and targets of k instruments over T bars, all (T, k)."""

    open: Floats
    high: Floats
    low: Floats
    close: Floats
    targets: Floats


@st.composite
def paths(draw: st.DrawFn) -> Path:
    """Up to forty bars; some instruments have no bar now and then (NaN opens)."""
    random = np.random.default_rng(draw(st.integers(0, 2**32)))
    bars, k = draw(st.integers(2, 40)), draw(st.integers(1, 4))
    moves = random.normal(0.0, draw(st.floats(0.0, 0.2)), (bars, k))
    close = np.round(50.0 * np.exp(moves.cumsum(axis=0)), 2) + 0.01
    open_ = np.round(close * np.exp(random.normal(0.0, 0.01, (bars, k))), 2) + 0.01
    high, low = np.maximum(open_, close) + 0.02, np.maximum(np.minimum(open_, close) - 0.02, 0.01)
    missing = random.random((bars, k)) < draw(st.floats(0.0, 0.5))
    open_ = np.where(missing, np.nan, open_)
    targets = random.dirichlet(np.ones(k + 1), bars)[:, :k]
    return Path(open_, high, low, close, targets)


def walked(path: Path, terms: CostModel) -> list[tuple[Book, StepOutcome]]:
    """The book after each bar, from cash alone."""
    book, done = start(CASH, path.close.shape[1]), []
    for bar in range(len(path.close) - 1):
        prices = (rows[bar + 1] for rows in (path.open, path.high, path.low, path.close))
        book, outcome = step(book, path.targets[bar], path.close[bar], *prices, terms)
        done.append((book, outcome))
    return done


@MANY
@given(paths(), COSTS)
def test_the_books_are_those_of_a_ledger_in_cents(path: Path, terms: CostModel) -> None:
    cash, held = Decimal(int(CASH)), [0] * path.close.shape[1]
    for bar, (book, outcome) in enumerate(walked(path, terms.to_the_cent())):
        for j in np.flatnonzero(outcome.quantities):
            quantity = int(outcome.quantities[j])
            cash -= quantity * quantise_price(float(outcome.prices[j]))
            cash -= quantise_fee(float(outcome.commissions[j]))
            held[j] += quantity
        assert to_cents(float(book.cash)) == cash
        assert book.positions.tolist() == held
        closes = (quantise_price(float(price)) for price in path.close[bar + 1])
        worth = cash + sum(n * price for n, price in zip(held, closes, strict=True))
        assert to_cents(float(outcome.equity)) == worth


@MANY
@given(paths(), COSTS)
def test_what_is_filled_is_what_was_ordered_or_nothing(path: Path, terms: CostModel) -> None:
    before = start(CASH, path.close.shape[1])
    for bar, (book, outcome) in enumerate(walked(path, terms)):
        worth = equity(before.cash, before.positions, path.close[bar])
        ordered = order_quantities(path.targets[bar], worth, path.close[bar], before.positions)
        traded = path.open[bar + 1] > 0
        np.testing.assert_array_equal(outcome.quantities, np.where(traded, ordered, 0.0))
        assert (outcome.commissions[outcome.quantities == 0] == 0).all()
        before = book


@MANY
@given(paths(), COSTS, st.integers(0, 40))
def test_another_future_leaves_the_past_as_it_was(path: Path, terms: CostModel, at: int) -> None:
    """Bars from `at` on are other ones; what was done before is bit for bit the same."""
    later = Path(*(rows.copy() for rows in path))
    for rows in later:
        rows[at:] *= 0.5
    for (book, one), (other_book, other) in list(
        zip(walked(path, terms), walked(later, terms), strict=True)
    )[: max(at - 1, 0)]:
        np.testing.assert_array_equal(book.positions, other_book.positions)
        assert book.cash == other_book.cash
        assert one.equity == other.equity
