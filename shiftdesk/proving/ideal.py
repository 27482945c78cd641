"""The planted edges, and what one who knew them would have earned."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from ai_pod.agents.learning.statistics import annualised, sharpe
from ai_pod.policies.backtest import Terms, replay
from ai_pod.policies.features import Array
from shiftdesk.proving.worlds import Drawn, Edge, draw

EDGES: tuple[Edge, ...] = (
    Edge("reversal", 0.074, (0.0, -1.0, 0.0, 0.0, 0.0)),
    Edge("trend", 0.052, (0.0, 0.0, 0.6, 0.6, 0.0)),
    Edge("mixed", 0.0725, (-0.4, 0.0, 0.8, 0.0, -0.4)),
)
"""At these strengths the ideal policy's annual Sharpe ratio after costs is 1.5 at most: of the
last 8 bars' move undone, of 32 bars' trend going on, of that with the last bar's move undone and in
calm times.
"""

_CENTURIES, _YEARS, _FIRST_SEED = 3, 100.0, 700_000_000


def scaled(edge: Edge, factor: float) -> Edge:
    return replace(edge, strength=edge.strength * factor)


def ideal_sharpe(edge: Edge) -> float:
    """The annual Sharpe ratio, after costs, of the best of some policies that know each bar's
    expected return and volatility, over three centuries of the edge's worlds.
    """
    terms = Terms(starting_cash=1e9, lots=1e-6)
    found: list[list[float]] = []
    for century in range(_CENTURIES):
        drawn = draw(_FIRST_SEED + century, edge, years=_YEARS)
        runs = replay(drawn.panel, np.stack(list(_knowing(drawn))), terms)
        found.append([annualised(sharpe(run.growth), run.ends) for run in runs])
    return float(np.mean(found, axis=0).max())


def _knowing(drawn: Drawn) -> Iterator[Array]:
    """Target weights (T, k) in proportion to a power of what a risk is paid, where it is paid; less
    than all when less than usual is paid.
    """
    risk = drawn.volatility
    paid = np.maximum(drawn.expected + 0.5 * risk * risk, 0.0)
    for power in (1, 2, 3):
        wanted = paid**power / risk ** (1 + power)
        total = wanted.sum(axis=1, keepdims=True)
        for usual in (0.5, 1.0, 2.0):
            share = np.minimum(1.0, usual * total / total.mean())
            yield wanted / np.maximum(total, 1e-12) * share
