"""What the built-in strategies compute, as arrays (T, k). Row t reads nothing after row t, and is
the same whatever follows.
"""

import numpy as np
from numpy.typing import NDArray

from ai_pod.policies.features import Array

_SMALLEST = 1e-12


def sma(values: Array, window: int) -> Array:
    """Means of the last `window` rows; NaN before there are as many."""
    means = np.full(values.shape, np.nan)
    if len(values) >= window:
        sums = values.cumsum(axis=0)
        means[window - 1] = sums[window - 1]
        means[window:] = sums[window:] - sums[:-window]
        means /= window
    return means


def z_score(values: Array, window: int) -> Array:
    """How many standard deviations (of the last `window` rows, ddof 0) a value is above their
    mean; NaN before there are as many, and where they are all the same.
    """
    # Around each column's first value, so that squares of large prices do not lose their digits.
    moved = values - values[:1]
    mean = sma(moved, window)
    spread = np.sqrt(np.maximum(sma(moved * moved, window) - mean * mean, 0.0))
    still = ~(spread > 1e-9 * np.abs(values))
    return np.where(still, np.nan, moved - mean) / np.where(still, 1.0, spread)


def trailing_return(closes: Array, rows: NDArray[np.int64], lookback: int, skip: int) -> Array:
    """Returns from `lookback` to `skip` rows before each of `rows` (≥ lookback)."""
    returns: Array = closes[rows - skip] / closes[rows - lookback] - 1.0
    return returns


def every(step: int, first: int, rows: int) -> NDArray[np.int64]:
    """Rows first, first + step, … below `rows`."""
    return np.arange(first, rows, step, dtype=np.int64)


def kept(values: Array) -> Array:
    """NaN becomes the last value above it, if there is one."""
    rows = np.arange(len(values))[:, None]
    last = np.maximum.accumulate(np.where(np.isnan(values), -1, rows), axis=0)
    found = np.take_along_axis(values, np.maximum(last, 0), axis=0)
    return np.where(last < 0, np.nan, found)


def changes(state: Array) -> Array:
    """`state` where it differs from the row before, NaN where it stays."""
    same = np.zeros(state.shape, bool)
    same[1:] = state[1:] == state[:-1]
    return np.where(same, np.nan, state)


def long_only_minimum_variance(returns: Array) -> Array:
    """Weights (k,) ≥ 0 with sum 1 whose variance over the returns (T, k) is least.

    min w'Sw / 2 - 1'w with w ≥ 0 has the same solution up to its scale; with S = LL' it is the
    non-negative least squares |L'w - L⁻¹1|² (Lawson, Hanson 1974).
    """
    # Two seconds to import: only who asks for it pays.
    from scipy.optimize import nnls

    factor = np.linalg.cholesky(shrunk_covariance(returns))
    weights, _ = nnls(factor.T, np.linalg.solve(factor, np.ones(returns.shape[1])))
    portfolio: Array = weights / weights.sum()
    return portfolio


def shrunk_covariance(returns: Array) -> Array:
    """Covariance (k, k) drawn toward a multiple of the identity (Ledoit, Wolf 2004, lemmas 3.2 to
    3.5), so that it has an inverse also where there are fewer rows than instruments.
    """
    count, k = returns.shape
    centred = returns - returns.mean(axis=0)
    sample = centred.T @ centred / count
    mean = float(np.trace(sample)) / k
    distance = float(((sample - mean * np.eye(k)) ** 2).sum())
    squares = float((np.einsum("ti,ti->t", centred, centred) ** 2).sum())
    error = (squares / count - float((sample**2).sum())) / count
    share = min(error / distance, 1.0) if distance > _SMALLEST * mean * mean else 1.0
    diagonal = np.eye(k) * (share * mean + _SMALLEST * max(mean, _SMALLEST))
    shrunk: Array = diagonal + (1.0 - share) * sample
    return shrunk
