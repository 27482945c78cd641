"""Strategies: rules over a whole panel of prices, written as arrays; and how one is found by name.

A strategy sees prices, a policy sees observations. Who installs a package with an entry point in
the group "shiftdesk.strategies" adds one (`docs/strategy.md`).
"""

from dataclasses import dataclass, fields, is_dataclass, replace
from importlib.metadata import EntryPoint, entry_points
from typing import Protocol, runtime_checkable

import numpy as np

from ai_pod.policies.errors import PolicyError, UnknownPolicy
from ai_pod.policies.features import Array
from ai_pod.policies.indicators import (
    changes,
    every,
    kept,
    long_only_minimum_variance,
    sma,
    trailing_return,
    z_score,
)
from market.series import Panel

GROUP = "shiftdesk.strategies"

_ABOVE = 1.0 + 1e-12
"""Sums of the same prices in another order are no crossing."""


@runtime_checkable
class Strategy(Protocol):
    """`parameters` counts what was free to be chosen: a fit to the past needs them.

    `targets` gives the target weights (T, k) of every bar of the panel; row t is computed from rows
    ≤ t alone and fills at bar t + 1. NaN leaves the instrument's position as it is. Negative
    weights are short positions.
    """

    @property
    def name(self) -> str: ...

    @property
    def parameters(self) -> int: ...

    def targets(self, panel: Panel) -> Array:
        """Target weights (T, k)."""
        ...


@dataclass(frozen=True)
class Cash:
    """Never trades."""

    name: str = "cash"
    parameters: int = 0

    def targets(self, panel: Panel) -> Array:
        return np.zeros(panel.close.shape)


@dataclass(frozen=True)
class BuyAndHold:
    """Equal weights bought once, and left."""

    name: str = "buy-and-hold"
    parameters: int = 0

    def targets(self, panel: Panel) -> Array:
        wanted = np.full(panel.close.shape, np.nan)
        wanted[:1] = 1.0 / len(panel.instruments)
        return wanted


@dataclass(frozen=True)
class EqualWeight:
    """1/N, made equal again every `rebalance` bars (DeMiguel, Garlappi, Uppal 2009)."""

    rebalance: int = 21
    name: str = "equal-weight"
    parameters: int = 0

    def targets(self, panel: Panel) -> Array:
        wanted = np.full(panel.close.shape, np.nan)
        wanted[:: self.rebalance] = 1.0 / len(panel.instruments)
        return wanted


@dataclass(frozen=True)
class SmaCross:
    """An equal share of each instrument whose `fast` average is above its `slow` one, else none."""

    fast: int = 10
    slow: int = 50
    name: str = "sma-cross"
    parameters: int = 2

    def targets(self, panel: Panel) -> Array:
        slow = sma(panel.close, self.slow)
        above = sma(panel.close, self.fast) > slow * _ABOVE
        state = np.where(above, 1.0 / slow.shape[1], 0.0)
        state[: self.slow - 1] = np.nan
        return changes(state)


@dataclass(frozen=True)
class Momentum:
    """Equal shares of the best third by the return from `lookback` to `skip` bars ago, where it is
    positive (Jegadeesh, Titman 1993: 12 months, without the last), chosen anew every `skip` bars.
    """

    lookback: int = 252
    skip: int = 21
    name: str = "momentum-12-1"
    parameters: int = 2

    def targets(self, panel: Panel) -> Array:
        wanted = np.full(panel.close.shape, np.nan)
        rows = every(self.skip, self.lookback, len(panel))
        past = trailing_return(panel.close, rows, self.lookback, self.skip)
        count = -(-past.shape[1] // 3)
        order = np.argsort(-past, axis=1, kind="stable")[:, :count]
        best = np.zeros(past.shape, bool)
        np.put_along_axis(best, order, True, axis=1)
        wanted[rows] = np.where(best & (past > 0.0), 1.0 / count, 0.0)
        return wanted


@dataclass(frozen=True)
class MeanReversion:
    """An equal share of each instrument that closed `entry` deviations below its average over
    `window` bars, held until it is back at the average.
    """

    window: int = 20
    entry: float = 1.5
    name: str = "mean-reversion"
    parameters: int = 2

    def targets(self, panel: Panel) -> Array:
        score = z_score(panel.close, self.window)
        event = np.where(score < -self.entry, 1.0 / score.shape[1], np.nan)
        return changes(kept(np.where(score >= 0.0, 0.0, event)))


@dataclass(frozen=True)
class MinimumVariance:
    """The long-only portfolio of least variance over the last `lookback` bars, found anew every
    `rebalance` bars (covariance shrunk as in Ledoit, Wolf 2004).
    """

    lookback: int = 252
    rebalance: int = 21
    name: str = "minimum-variance"
    parameters: int = 1

    def targets(self, panel: Panel) -> Array:
        wanted = np.full(panel.close.shape, np.nan)
        returns = np.diff(np.log(panel.close), axis=0)
        for row in every(self.rebalance, self.lookback, len(panel)).tolist():
            wanted[row] = long_only_minimum_variance(returns[row - self.lookback : row])
        return wanted


@dataclass(frozen=True)
class RandomHoldings:
    """An equal share of each instrument, switched in and out by a coin.

    Each bar a share that is out comes in with probability `enter`, one that is in leaves with
    `leave`. It knows nothing of prices: what it earns is luck and drift.
    """

    enter: float = 0.05
    leave: float = 0.05
    seed: int = 0
    name: str = "random"
    parameters: int = 0

    def targets(self, panel: Panel) -> Array:
        drawn = np.random.default_rng(self.seed).random(panel.close.shape)
        state = np.zeros(drawn.shape[1], bool)
        held = np.empty(drawn.shape, bool)
        for row, luck in enumerate(drawn):
            state = np.where(state, luck >= self.leave, luck < self.enter)
            held[row] = state
        return changes(held / len(panel.instruments))


def matched(turnover: float, exposure: float, seed: int = 0) -> RandomHoldings:
    """Random holdings that trade as much: `turnover` is the traded share of equity per bar,
    `exposure` the invested share.

    In and out with probabilities a and b a share is in for a / (a + b) of the time, and 2ab / (a +
    b) of the equity is traded each bar.
    """
    invested = min(max(exposure, 0.01), 0.99)
    enter, leave = turnover / 2.0 / (1.0 - invested), turnover / 2.0 / invested
    return RandomHoldings(min(enter, 1.0), min(leave, 1.0), seed)


STRATEGIES: dict[str, Strategy] = {
    one.name: one
    for one in (
        BuyAndHold(),
        EqualWeight(),
        SmaCross(),
        Momentum(),
        MeanReversion(),
        MinimumVariance(),
        Cash(),
        RandomHoldings(),
    )
}
"""What is built in, by name."""


def plugins() -> dict[str, EntryPoint]:
    """Installed strategies that are not built in, by name."""
    return {one.name: one for one in entry_points(group=GROUP) if one.name not in STRATEGIES}


def strategy(name: str, settings: dict[str, float] | None = None) -> Strategy:
    """The strategy of that name, built in or installed, with `settings` in place of its defaults.

    Raises UnknownPolicy; PolicyError for a plugin that is none, or settings it does not have.
    """
    found = STRATEGIES.get(name)
    if found is None:
        found = _plugin(name)
    if not settings:
        return found
    if not is_dataclass(found) or isinstance(found, type):
        raise PolicyError(f"{name} is no dataclass, so it has no settings")
    known = {field.name for field in fields(found)} - {"name", "parameters"}
    if unknown := sorted(settings.keys() - known):
        raise PolicyError(f"{name} has no setting {', '.join(unknown)}; it has {sorted(known)}")
    typed = {key: type(getattr(found, key))(value) for key, value in settings.items()}
    return replace(found, **typed)


def entered(targets: Array, first: int, last: int) -> Array:
    """Rows [first, last) of targets (T, k), for a book that begins there in cash: its first row
    holds what the strategy wanted last, so that it enters at once and not at the next change.
    """
    part = targets[first:last].copy()
    part[:1] = kept(targets[: first + 1])[-1:]
    return part


def _plugin(name: str) -> Strategy:
    point = plugins().get(name)
    if point is None:
        known = sorted(STRATEGIES.keys() | plugins().keys())
        raise UnknownPolicy(f"no strategy {name!r}; there are {', '.join(known)}")
    try:
        made = point.load()()
    except Exception as error:
        raise PolicyError(f"strategy {name} ({point.value}) does not load: {error!r}") from error
    if not isinstance(made, Strategy):
        raise PolicyError(f"{point.value} is no strategy: it needs name, parameters and targets")
    return made
