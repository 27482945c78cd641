"""Hypothesis strategies: worlds of prices, books and targets for the simulator."""

from typing import NamedTuple

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st

from market.simulator.costs import CostModel
from market.simulator.money import Floats
from market.simulator.step import Book

MANY = settings(deadline=None, max_examples=75)
COSTS = st.builds(
    CostModel,
    commission_bps=st.floats(0, 50),
    minimum_commission=st.floats(0, 5),
    half_spread_bps=st.floats(0, 30),
    slippage_bps=st.floats(0, 30),
    price_decimals=st.sampled_from([None, 2, 4]),
    fee_decimals=st.sampled_from([None, 2]),
)


class World(NamedTuple):
    """One step's inputs, batch (n,) of k instruments."""

    book: Book
    targets: Floats
    decision: Floats
    open: Floats
    high: Floats
    low: Floats
    close: Floats
    costs: CostModel
    lots: Floats
    band: float


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Any prices between 1 and 1,000, long-only targets up to one, whole lots of 1, 10 or 100."""
    random = np.random.default_rng(draw(st.integers(0, 2**32)))
    n, k = draw(st.integers(1, 5)), draw(st.integers(1, 6))
    decision = np.exp(random.uniform(0, np.log(1000), (n, k)))
    moves = np.exp(random.normal(0, draw(st.floats(0, 0.1)), (4, n, k)))
    path = np.round(decision * moves, 2) + 0.01
    targets = random.dirichlet(np.ones(k + 1), n)[:, :k]
    lots = random.choice([1.0, 10.0, 100.0], k)
    positions = np.round(random.uniform(0, 20, (n, k))) * lots
    return World(
        book=Book(random.uniform(0, 1e6, n), positions),
        targets=targets,
        decision=decision,
        open=path[0],
        high=path.max(axis=0),
        low=path.min(axis=0),
        close=path[1],
        costs=draw(COSTS),
        lots=lots,
        band=draw(st.sampled_from([0.0, 0.01, 0.1])),
    )
