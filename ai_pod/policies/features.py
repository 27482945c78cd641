"""What a policy sees. One function, `observe`, serves training, backtests and live trading alike.

Features are scale-free (no price, no currency) and read nothing after the last close of the window.
"""

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
    long = np.sqrt(_trailing_sum(squares, LONG) / LONG) + _SMALLEST_VOLATILITY
    short = np.sqrt(_trailing_sum(squares, SHORT)[-rows:] / SHORT) + _SMALLEST_VOLATILITY
    mean_short = _trailing_sum(logs, SHORT)[-rows:] / SHORT
    mean_long = _trailing_sum(logs, LONG)[-rows:] / LONG
    now = logs[-rows:]
    scale = long * np.sqrt(LONG)
    features = (
        returns[-rows:] / long,
        (now - logs[-rows - SHORT : -SHORT]) / (long * np.sqrt(SHORT)),
        (now - logs[-rows - LONG : -LONG]) / scale,
        2.0 * (mean_short - mean_long) / scale,
        np.log(short / long),
    )
    clipped: Array = np.clip(np.stack(features, axis=-1), -CLIP, CLIP)
    return clipped.astype(np.float32)


def observe(closes: Array, weights: Array) -> Observations:
    """Observations of n books over one market: closes (T ≥ WINDOW, k), weights (n, k) → (n, k·f).

    `weights` are the shares of equity held now, valued at the last close.
    """
    return with_weights(market_features(closes[-WINDOW:])[-1], weights)


def with_weights(market: Observations, weights: Array) -> Observations:
    """Join market features (k, 5) or (n, k, 5) with the books' weights (n, k) → (n, k·f)."""
    count, instruments = weights.shape
    joined = np.empty((count, instruments, len(FEATURES)), np.float32)
    joined[..., :-1] = market
    joined[..., -1] = weights * instruments
    return joined.reshape(count, -1)


def by_instrument(observations: Observations) -> Observations:
    """The same observations as (n, k, f)."""
    return observations.reshape(observations.shape[0], -1, len(FEATURES))


def _trailing_sum(values: Array, length: int) -> Array:
    """Sums of the last `length` (a power of two) rows: (T, k) → (T - length + 1, k)."""
    total, reach = values, 1
    while reach < length:
        total = total[reach:] + total[:-reach]
        reach *= 2
    return total
