"""The control world: the same market with every edge taken out of it.

A trainer or a protocol that finds an edge there finds it by mistake.
"""

from dataclasses import replace

import numpy as np

from ai_pod.agents.learning.statistics import stationary_bootstrap
from ai_pod.policies.features import WINDOW, Array
from market.series import Panel


def no_edge(panel: Panel, seed: int) -> Panel:
    """A panel of as many bars in which nothing says where prices go, nor which one goes further.

    Whole rows are drawn in blocks (Politis, Romano 1994; mean length WINDOW), so correlations, fat
    tails and clusters of volatility stay. A coin mirrors each row about its mean (the wild
    bootstrap of Liu 1988), so no past tells the next one's sign; and each instrument's mean becomes
    its beta to 1/N times that of 1/N, so no lasting mix of them is known to beat 1/N.
    """
    random = np.random.default_rng(seed)
    logs = np.log(panel.close)
    returns = np.diff(logs, axis=0)
    drawn = stationary_bootstrap(len(returns), float(WINDOW), 1, random)[0]
    up = random.random((len(returns), 1)) < 0.5
    moves = (returns - returns.mean(axis=0))[drawn]
    moves = np.where(up, moves, -moves) + _fair_means(returns)
    now = logs[0] + np.vstack([np.zeros(logs.shape[1]), moves.cumsum(axis=0)])
    opened, high, low = (
        (np.log(prices[1:]) - logs[:-1])[drawn] for prices in (panel.open, panel.high, panel.low)
    )
    opened, high, low = np.where(up, (opened, high, low), (-opened, -low, -high)) + now[:-1]
    return replace(
        panel,
        open=_with_first(panel.open, opened),
        high=_with_first(panel.high, np.maximum(high, np.maximum(opened, now[1:]))),
        low=_with_first(panel.low, np.minimum(low, np.minimum(opened, now[1:]))),
        close=np.exp(now),
        volume=np.concatenate([panel.volume[:1], panel.volume[1:][drawn]]),
        synthetic=True,
    )


def _fair_means(returns: Array) -> Array:
    """What each instrument earns when 1/N is the best mix: its beta to 1/N times its mean (k,)."""
    market = returns.mean(axis=1)
    apart = market - market.mean()
    betas: Array = (apart @ returns) / max(float(apart @ apart), 1e-18)
    means: Array = betas * market.mean()
    return means


def _with_first(prices: Array, logs: Array) -> Array:
    """The first bar as it was, then these logs of prices."""
    return np.concatenate([prices[:1], np.exp(logs)])
