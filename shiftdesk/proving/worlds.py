"""Markets with a known truth: in one nothing can be known ahead, in the other something can.

Daily bars with fat tails (Student's t, 5 degrees of freedom), clustered volatility (a common
stochastic one, its logarithm an AR(1)), a market factor and a common drift.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numba
import numpy as np

from ai_pod.policies.features import CLIP, LONG, SHORT, WINDOW, Array
from market.series import Panel

DAYS = 252
_YEAR_NS = 365.25 * 86400e9
_FREEDOM = 5.0
_PERSISTENCE, _VOLATILITY_SPREAD = 0.97, 0.35
_MARKET_VOLATILITY, _OWN_VOLATILITY = 0.16, 0.24
_MARKET_SHARPE = 0.4
_OVERNIGHT, _OVERNIGHT_NOISE = 0.3, 0.25
_WARM_UP = 300


@dataclass(frozen=True)
class Edge:
    """A bar's expected return is raised by `strength` x volatility x the signal: the sum of the
    instrument's own market features times `weights`, clipped to ±2. A `relative` signal is that
    less its mean over the instruments: it says which one goes further, not where all go.
    """

    name: str
    strength: float
    weights: tuple[float, float, float, float, float]
    relative: bool = True


NO_EDGE = Edge("none", 0.0, (0.0, 0.0, 0.0, 0.0, 0.0))


@dataclass(frozen=True)
class Drawn:
    """A world and what only its maker knows: `expected` (T, k), what each bar's end said of the
    next bar's log return, and the `volatility` (T, k) it was drawn with.
    """

    panel: Panel
    expected: Array
    volatility: Array


class Signal(NamedTuple):
    """An `Edge` as the compiled code reads it."""

    weights: Array
    strength: float
    relative: bool


def draw(seed: int, edge: Edge = NO_EDGE, instruments: int = 10, years: float = 10.0) -> Drawn:
    """A world of so many years, with the bars that the first observation needs before them.

    The drift is what makes 1/N the best that one can hold without knowing more: in proportion to
    each instrument's covariance with 1/N at the time (Sharpe 1964), so that neither a mix of the
    instruments nor the timing of volatility is an edge.
    """
    random = np.random.default_rng(seed)
    bars = int(years * DAYS) + WINDOW + _WARM_UP
    loads = random.uniform(0.7, 1.3, instruments) * _MARKET_VOLATILITY
    own = random.uniform(0.8, 1.2, instruments) * _OWN_VOLATILITY
    level = _levels(random, bars) / np.sqrt(DAYS)
    scale = np.sqrt((_FREEDOM - 2.0) / _FREEDOM)
    shocks = scale * random.standard_t(_FREEDOM, (bars, instruments + 1))
    noise = level[:, None] * (shocks[:, :1] * loads + shocks[:, 1:] * own)
    volatility = level[:, None] * np.sqrt(loads**2 + own**2)
    fair = level[:, None] ** 2 * _fair_drift(loads, own)
    signal = Signal(np.array(edge.weights), edge.strength, edge.relative)
    returns, expected = evolve(noise, fair, volatility, signal)
    panel = _panel(returns, volatility, random)
    kept = slice(_WARM_UP, None)
    return Drawn(_rows(panel, kept), expected[kept], volatility[kept])


def _levels(random: np.random.Generator, bars: int) -> Array:
    """The common volatility (bars,), with a mean square of one."""
    fresh = random.normal(0.0, 1.0, bars) * _VOLATILITY_SPREAD * np.sqrt(1.0 - _PERSISTENCE**2)
    logs = np.zeros(bars)
    for bar in range(1, bars):
        logs[bar] = _PERSISTENCE * logs[bar - 1] + fresh[bar]
    levels: Array = np.exp(logs - _VOLATILITY_SPREAD**2)
    return levels


def _fair_drift(loads: Array, own: Array) -> Array:
    """Expected return a year (k,) per unit of squared volatility level: the price of 1/N's risk."""
    covariance = np.outer(loads, loads) + np.diag(own**2)
    with_market = covariance.mean(axis=1)
    drift: Array = _MARKET_SHARPE * with_market / np.sqrt(with_market.mean())
    return drift


def _evolve(noise: Array, fair: Array, volatility: Array, signal: Signal) -> tuple[Array, Array]:
    """Log returns (T, k), and what the bar before expected of them: `expected[t]` is of t + 1.

    Log returns lose half their variance, so that the drift is one of prices.
    """
    bars, k = noise.shape
    returns, expected = np.zeros((bars, k)), np.zeros((bars, k))
    logs, signals = np.zeros((bars, k)), np.zeros(k)
    for now in range(bars - 1):
        for j in range(k):
            if now > 0:
                returns[now, j] = noise[now, j] + expected[now - 1, j]
                logs[now, j] = logs[now - 1, j] + returns[now, j]
            if now >= LONG and signal.strength != 0.0:
                seen = weigh(logs[now - LONG : now + 1, j], signal.weights)
                signals[j] = min(max(seen, -2.0), 2.0)
        shared = signals.mean() if signal.relative else 0.0
        for j in range(k):
            risk = volatility[now + 1, j]
            edge = signal.strength * risk * (signals[j] - shared)
            expected[now, j] = fair[now + 1, j] - 0.5 * risk * risk + edge
    returns[bars - 1] = noise[bars - 1] + expected[bars - 2]
    return returns, expected


def _weigh(logs: Array, weights: Array) -> float:
    """The weighted sum of one instrument's `market_features`, from its last LONG + 1 log closes."""
    squares, recent, mean_short, mean_long = 0.0, 0.0, 0.0, 0.0
    for i in range(1, LONG + 1):
        square = (logs[i] - logs[i - 1]) ** 2
        squares += square
        mean_long += logs[i] / LONG
        if i > LONG - SHORT:
            recent += square
            mean_short += logs[i] / SHORT
    long, short = np.sqrt(squares / LONG) + 1e-6, np.sqrt(recent / SHORT) + 1e-6
    scale = long * np.sqrt(LONG)
    features = (
        (logs[LONG] - logs[LONG - 1]) / long,
        (logs[LONG] - logs[LONG - SHORT]) / (long * np.sqrt(SHORT)),
        (logs[LONG] - logs[0]) / scale,
        2.0 * (mean_short - mean_long) / scale,
        np.log(short / long),
    )
    total = 0.0
    for i in range(len(features)):
        total += weights[i] * min(max(features[i], -CLIP), CLIP)
    return total


weigh = numba.njit(cache=True, error_model="numpy")(_weigh)
evolve = numba.njit(cache=True, error_model="numpy")(_evolve)


def _panel(returns: Array, volatility: Array, random: np.random.Generator) -> Panel:
    """Bars around the closes: the open takes part of the way, the range goes beyond both."""
    closes = np.log(100.0) + returns.cumsum(axis=0)
    before = closes - returns
    opens = before + _OVERNIGHT * returns
    opens += _OVERNIGHT_NOISE * volatility * random.normal(0.0, 1.0, returns.shape)
    beyond = 0.4 * volatility * np.abs(random.normal(0.0, 1.0, (2, *returns.shape)))
    bars, k = returns.shape
    return Panel(
        instruments=tuple(f"WORLD:{number}" for number in range(k)),
        end=(np.arange(1, bars + 1) * (_YEAR_NS / DAYS)).astype(np.int64),
        open=np.exp(opens),
        high=np.exp(np.maximum(opens, closes) + beyond[0]),
        low=np.exp(np.minimum(opens, closes) - beyond[1]),
        close=np.exp(closes),
        volume=np.full((bars, k), 1e6),
        synthetic=True,
    )


def _rows(panel: Panel, kept: slice) -> Panel:
    return Panel(
        panel.instruments,
        panel.end[kept],
        panel.open[kept],
        panel.high[kept],
        panel.low[kept],
        panel.close[kept],
        panel.volume[kept],
        panel.synthetic,
    )
