"""A policy over history, by the functions that also train it and fill its orders.

A decision at a bar's end fills at the next bar's open; nothing after the decided bar is seen.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self

import numpy as np
from numpy.typing import NDArray

from ai_pod.contracts.seats import RiskProfile
from ai_pod.contracts.signals import BAND
from ai_pod.policies.features import (
    WINDOW,
    Array,
    Observations,
    market_features,
    observe,
)
from ai_pod.policies.policy import Policy, apply_profile
from market.series import Panel
from market.simulator.costs import CostModel
from market.simulator.step import Book, start, step


@dataclass(frozen=True)
class World:
    """A stretch of market with everything a policy may see precomputed.

    Row i of `features` (n, k, 5) is what is known at the end of row i of the prices (n, k).
    """

    ends: NDArray[np.int64]
    features: Observations
    open: Array
    high: Array
    low: Array
    close: Array
    instruments: tuple[str, ...]
    synthetic: bool = False

    @classmethod
    def of(cls, panel: Panel) -> Self:
        """The panel without the first WINDOW - 1 bars, which only the features need."""
        seen = slice(WINDOW - 1, None)
        return cls(
            ends=panel.end[seen],
            features=market_features(panel.close),
            open=panel.open[seen],
            high=panel.high[seen],
            low=panel.low[seen],
            close=panel.close[seen],
            instruments=tuple(panel.instruments),
            synthetic=bool(panel.synthetic),
        )

    @property
    def bars(self) -> int:
        return len(self.ends)

    def part(self, first: int, last: int) -> "World":
        """Rows [first, last)."""
        rows = slice(first, last)
        return World(
            self.ends[rows],
            self.features[rows],
            self.open[rows],
            self.high[rows],
            self.low[rows],
            self.close[rows],
            self.instruments,
            self.synthetic,
        )


@dataclass(frozen=True)
class Terms:
    """How books are kept: the same for the environment, the backtest and the gate."""

    profile: RiskProfile = RiskProfile.BOLD
    costs: CostModel = field(default_factory=CostModel)
    band: float = BAND
    lots: float = 1.0
    starting_cash: float = 100_000.0


@dataclass(frozen=True)
class Run:
    """One policy's way through a world of n bars: n - 1 steps, each from one close to the next.

    `ends` and `equity` are (n,), the others (n - 1,); `turnover` is a share of equity, `fees` and
    `quantities` (n - 1, k) are absolute.
    """

    policy: str
    ends: NDArray[np.int64]
    equity: Array
    fees: Array
    turnover: Array
    quantities: Array

    @property
    def growth(self) -> Array:
        """Log growth per bar (n - 1,)."""
        growth: Array = np.diff(np.log(np.maximum(self.equity, 1e-9)))
        return growth


def backtest(world: World, policies: Sequence[Policy], terms: Terms) -> list[Run]:
    """Run every policy with a book of its own through the world, side by side."""
    count, steps = len(policies), world.bars - 1
    book = start(terms.starting_cash, len(world.instruments), (count,))
    equity = np.full((count, steps + 1), terms.starting_cash)
    fees, turnover = np.zeros((count, steps)), np.zeros((count, steps))
    quantities = np.zeros((count, steps, len(world.instruments)))
    for bar in range(steps):
        held = shares(book, equity[:, bar], world.close[bar])
        seen = observe(world.features[bar], held)
        wanted = np.stack([policy.act(seen[i : i + 1])[0] for i, policy in enumerate(policies)])
        book, outcome = step(
            book,
            apply_profile(wanted, terms.profile),
            world.close[bar],
            world.open[bar + 1],
            world.high[bar + 1],
            world.low[bar + 1],
            world.close[bar + 1],
            terms.costs,
            terms.lots,
            terms.band,
        )
        equity[:, bar + 1] = outcome.equity
        fees[:, bar], turnover[:, bar] = outcome.fees, outcome.turnover
        quantities[:, bar] = outcome.quantities
    return [
        Run(policy.version, world.ends, equity[i], fees[i], turnover[i], quantities[i])
        for i, policy in enumerate(policies)
    ]


def shares(book: Book, equity: Array, prices: Array) -> Array:
    """Weights (n, k) that books with `equity` (n,) hold at `prices` (k,)."""
    weights: Array = book.positions * prices / np.maximum(equity, 1e-9)[:, None]
    return weights
