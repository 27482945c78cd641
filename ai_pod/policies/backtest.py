"""A policy over history, by the functions that also train it and fill its orders.

A decision at a bar's end fills at the next bar's open; nothing after the decided bar is seen.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Self

import numpy as np
from numpy.typing import NDArray

from ai_pod.contracts.seats import RiskProfile
from ai_pod.contracts.signals import BAND
from ai_pod.policies.compiled import Rates, Traces, plain, scales, walk
from ai_pod.policies.features import (
    WINDOW,
    Array,
    Observations,
    market_features,
    observe,
)
from ai_pod.policies.liquidity import DAY_NS, at, liquidity_of
from ai_pod.policies.policy import GROSS, Policy, apply_profile
from market.series import Panel
from market.simulator.costs import CostModel
from market.simulator.fills import UNKNOWN
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


def _nothing() -> Array:
    return np.zeros((0, 0))


@dataclass(frozen=True)
class Run:
    """One policy's way through a world of n bars: n - 1 steps, each from one close to the next.

    `ends` and `equity` are (n,), `fees` and `turnover` (a share of equity) (n - 1,). What filled at
    bar i + 1 stands in row i of `quantities`, `prices` and `commissions` (n - 1, k); the last two
    mean nothing where the quantity is 0.
    """

    policy: str
    ends: NDArray[np.int64]
    equity: Array
    fees: Array
    turnover: Array
    quantities: Array
    prices: Array = field(default_factory=_nothing)
    commissions: Array = field(default_factory=_nothing)

    @property
    def growth(self) -> Array:
        """Log growth per bar (n - 1,)."""
        growth: Array = np.diff(np.log(np.maximum(self.equity, 1e-9)))
        return growth


def backtest(world: World, policies: Sequence[Policy], terms: Terms) -> list[Run]:
    """Run every policy with a book of its own through the world, side by side."""

    def decide(bar: int, book: Book, equity: Array) -> Array:
        seen = observe(world.features[bar], shares(book, equity, world.close[bar]))
        wanted = [policy.act(seen[i : i + 1])[0] for i, policy in enumerate(policies)]
        return apply_profile(np.stack(wanted), terms.profile)

    return _stepped(world, [policy.version for policy in policies], decide, terms)


def replay(
    market: World | Panel, targets: Array, terms: Terms, names: Sequence[str] = ()
) -> list[Run]:
    """Run precomputed targets (n, T, k), each with a book of its own, through T bars.

    Row t was decided at the end of bar t and fills at bar t + 1; NaN leaves a position as it is.
    Compiled where the terms have no costs but those that the compiled step knows; else, and always
    to the same result, by `market.simulator.step`.
    """
    wanted = apply_known(targets, GROSS[terms.profile])
    called = list(names) or [f"targets {i}" for i in range(len(targets))]
    if not plain(terms.costs):
        return _stepped(market, called, lambda bar, _book, _equity: wanted[:, bar], terms)
    ends, prices = _ends(market), market.close
    k = prices.shape[1]
    runs = []
    for name, rows in zip(called, wanted, strict=True):
        made = Traces.empty(len(ends), k)
        walk(rows, (market.open, market.high, market.low, market.close), _rates(terms), made)
        runs.append(Run(name, ends, *made))
    return runs


def apply_known(targets: Array, limit: float) -> Array:
    """Targets (…, k) scaled down so that what they ask for is at most `limit` gross; NaN stays."""
    gross = np.nansum(np.abs(targets), axis=-1, keepdims=True)
    limited: Array = targets * np.minimum(1.0, limit / np.maximum(gross, 1e-12))
    return limited


def _stepped(
    market: World | Panel,
    names: Sequence[str],
    decide: Callable[[int, Book, Array], Array],
    terms: Terms,
) -> list[Run]:
    """Step books side by side: `decide(bar, book, equity (n,))` gives the targets (n, k)."""
    count, (bars, k) = len(names), market.close.shape
    book = start(terms.starting_cash, k, (count,))
    made = [Traces.empty(bars, k, terms.starting_cash) for _ in names]
    worth = np.full(count, terms.starting_cash)
    ends = _ends(market)
    days = np.diff(ends) / DAY_NS
    liquidity = liquidity_of(market) if isinstance(market, Panel) else UNKNOWN
    for bar in range(bars - 1):
        book, outcome = step(
            book,
            decide(bar, book, worth),
            market.close[bar],
            market.open[bar + 1],
            market.high[bar + 1],
            market.low[bar + 1],
            market.close[bar + 1],
            terms.costs,
            terms.lots,
            terms.band,
            at(liquidity, bar + 1),
            float(days[bar]),
        )
        worth = outcome.equity
        for i, trace in enumerate(made):
            trace.equity[bar + 1] = worth[i]
            trace.fees[bar], trace.turnover[bar] = outcome.fees[i], outcome.turnover[i]
            trace.quantities[bar], trace.prices[bar] = outcome.quantities[i], outcome.prices[i]
            trace.commissions[bar] = outcome.commissions[i]
    return [Run(name, ends, *trace) for name, trace in zip(names, made, strict=True)]


def _ends(market: World | Panel) -> NDArray[np.int64]:
    return market.ends if isinstance(market, World) else market.end


def _rates(terms: Terms) -> Rates:
    costs = terms.costs
    price_scale, fee_scale = scales(costs)
    return Rates(
        against=costs.against,
        commission=costs.commission_bps * 1e-4,
        minimum_commission=costs.minimum_commission,
        band=terms.band,
        lots=terms.lots,
        cash=terms.starting_cash,
        price_scale=price_scale,
        fee_scale=fee_scale,
    )


def shares(book: Book, equity: Array, prices: Array) -> Array:
    """Weights (n, k) that books with `equity` (n,) hold at `prices` (k,)."""
    weights: Array = book.positions * prices / np.maximum(equity, 1e-9)[:, None]
    return weights
