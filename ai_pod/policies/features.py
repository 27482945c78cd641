"""What a policy sees. One function, `observe`, serves training, backtests and live trading alike.

Features are scale-free (no price, no currency) and read nothing after the last close of the window.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Observations = NDArray[np.float32]

VERSION = 1
"""Rises when a feature changes its meaning; artifacts of another version are refused."""

MARKET_FEATURES: tuple[str, ...] = (
    "return_1",
    "momentum_8",
    "momentum_32",
    "sma_cross",
    "volatility_ratio",
)
FEATURES: tuple[str, ...] = (*MARKET_FEATURES, "weight")
"""Per instrument, in the order of the observation; `weight` is the share held times the number of
instruments, so that 1 is an equal share."""

SHORT, LONG = 8, 32
WINDOW: int = LONG + 1
"""Closes that `observe` needs."""

CLIP = 5.0
_SMALLEST_VOLATILITY = 1e-6
_ROOT_SHORT, _ROOT_LONG = SHORT**0.5, LONG**0.5


def market_features(closes: Array) -> Observations:
    """Features of every bar that has a full window: closes (T, k) → (T - WINDOW + 1, k, 5).

    Row i belongs to bar `WINDOW - 1 + i`. Sums are added pairwise in an order that does not depend
    on T: a row is bit for bit the same from the whole panel as from its own window.
    """
    if closes.shape[0] < WINDOW:
        raise ValueError(f"{closes.shape[0]} closes; the features need {WINDOW}")
    logs = np.log(closes)
    returns = logs[1:] - logs[:-1]
    squares = returns * returns
    rows = closes.shape[0] - LONG
    short, long = (np.sqrt(mean) + _SMALLEST_VOLATILITY for mean in _trailing_means(squares, rows))
    mean_short, mean_long = _trailing_means(logs, rows)
    now = logs[-rows:]
    scale = long * _ROOT_LONG
    features = np.empty((*now.shape, len(MARKET_FEATURES)))
    features[..., 0] = returns[-rows:] / long
    features[..., 1] = (now - logs[-rows - SHORT : -SHORT]) / (long * _ROOT_SHORT)
    features[..., 2] = (now - logs[-rows - LONG : -LONG]) / scale
    features[..., 3] = 2.0 * (mean_short - mean_long) / scale
    features[..., 4] = np.log(short / long)
    return np.minimum(np.maximum(features, -CLIP), CLIP).astype(np.float32)


def latest_features(windows: Sequence[Array]) -> list[Observations | None]:
    """Features (k, 5) of each window's last bar, windows of closes (≤ WINDOW, k), all at once; None
    while a window is not whole, or misses an instrument's close.
    """
    whole = [window for window in windows if len(window) == WINDOW]
    if not whole:
        return [None] * len(windows)
    together = market_features(np.concatenate(whole, axis=1))[-1]
    found: list[Observations | None] = []
    column = 0
    for window in windows:
        seen = None
        if len(window) == WINDOW:
            seen = together[column : column + window.shape[1]]
            column += window.shape[1]
        found.append(None if seen is None or np.isnan(seen).any() else seen)
    return found


def observe(market: Observations, weights: Array) -> Observations:
    """Observations of n books: market features (k, 5) or (n, k, 5), weights (n, k) → (n, k·f).

    `weights` are the shares of equity held now, valued at the features' last close.
    """
    count, instruments = weights.shape
    joined = np.empty((count, instruments, len(FEATURES)), np.float32)
    joined[..., :-1] = market
    joined[..., -1] = weights * instruments
    return joined.reshape(count, -1)


def by_instrument(observations: Observations) -> Observations:
    """The same observations as (n, k, f)."""
    return observations.reshape(observations.shape[0], -1, len(FEATURES))


def _trailing_means(values: Array, rows: int) -> tuple[Array, Array]:
    """Means over the last SHORT and the last LONG rows: (T, k) → twice (rows, k)."""
    short = _trailing_sum(values, 1, SHORT)
    long = _trailing_sum(short, SHORT, LONG)
    return short[-rows:] / SHORT, long[-rows:] / LONG


def _trailing_sum(sums: Array, reach: int, length: int) -> Array:
    """Sums over `reach` rows become sums over `length`, which is a power of two times as many."""
    while reach < length:
        sums = sums[reach:] + sums[:-reach]
        reach *= 2
    return sums
