"""One record against others over the same steps: intervals, p-values, probabilities.

Records are compared at the same volatility (Modigliani, Modigliani 1997): a difference of their
means is then a difference of Sharpe ratios, and who merely holds less is not called worse.
"""

from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from ai_pod.agents.learning.statistics import stationary_bootstrap
from ai_pod.policies.features import Array

DRAWS = 1000
SHORTEST_BLOCK = 5
_STILL = 1e-12
_SAME = 1e-9
"""Standard deviations by which two records at one volatility must differ to be two."""


def sharpes(growth: Array) -> Array:
    """Sharpe ratios per step (…,) of log growth (…, steps); 0 for a still book."""
    spread = growth.std(axis=-1)
    ratios: Array = np.where(
        spread > _STILL, growth.mean(axis=-1) / np.maximum(spread, _STILL), 0.0
    )
    return ratios


def interquartile_mean(values: Array, axis: int = -1) -> Array:
    """The mean without the lowest and the highest quarter, each rounded down (Agarwal and others
    2021 for runs of reinforcement learning).
    """
    count = values.shape[axis]
    inner = np.sort(values, axis=axis).take(range(count // 4, count - count // 4), axis=axis)
    mean: Array = inner.mean(axis=axis)
    return mean


def at_one_volatility(growth: Array) -> Array:
    """Growth (…, steps) in its own standard deviations; a still book stays as it is."""
    spread = growth.std(axis=-1, keepdims=True)
    scaled: Array = np.where(spread > _STILL, growth / np.maximum(spread, _STILL), 0.0)
    return scaled


def block_length(differences: Array) -> int:
    """Steps a block of the stationary bootstrap should have: the longest automatic choice (Politis,
    White 2004; Patton, Politis, White 2009) among the series (n, steps), at least SHORTEST_BLOCK.
    """
    # With statsmodels and pandas behind it, arch costs seconds to import: only who judges pays.
    from arch.bootstrap import optimal_block_length

    moving = [series for series in differences if series.std() > _STILL]
    lengths = [float(optimal_block_length(series)["stationary"].iloc[0]) for series in moving]
    longest = max([length for length in lengths if np.isfinite(length)], default=0.0)
    return int(np.clip(np.ceil(longest), SHORTEST_BLOCK, max(differences.shape[-1] // 4, 5)))


def spa(ahead: Array, block: int, seed: int) -> float:
    """p-value of Hansen's test (2005; the consistent one) that a record which is `ahead` of another
    by so much, step by step (steps,) at one volatility, is no better; 1 for two that are the same.
    """
    from arch.bootstrap import SPA

    if ahead.std() < _SAME:
        return 1.0
    test = SPA(np.zeros(len(ahead)), -ahead, block_size=block, reps=DRAWS, seed=seed)
    test.compute()
    return float(test.pvalues["consistent"])


def intervals_of_differences(
    mine: Array, theirs: Array, block: int, seed: int, confidence: float = 0.95
) -> Array:
    """Intervals (n, 2) of the interquartile mean of the Sharpe ratios of `mine` (records, steps),
    less the Sharpe ratio of each of `theirs` (n, steps), per step.

    Paired stationary bootstrap: all are resampled by the same steps (Ledoit, Wolf 2008, with
    percentiles). A draw is how often it takes each step, so a sum over it is a matrix product.
    """
    steps = theirs.shape[1]
    drawn = stationary_bootstrap(steps, block, DRAWS, np.random.default_rng(seed))
    counts = np.stack([np.bincount(row, minlength=steps) for row in drawn]).astype(np.float64)
    series = np.vstack([mine, theirs]).T
    ratios = _ratios(counts @ series, counts @ (series * series), steps)
    differences = (
        interquartile_mean(ratios[:, : len(mine)], axis=1)[:, None] - ratios[:, len(mine) :]
    )
    tail = 50.0 * (1.0 - confidence)
    bounds: Array = np.percentile(differences, [tail, 100.0 - tail], axis=0).T
    return bounds


def backtest_overfitting(growth: Array, blocks: int = 16) -> float:
    """Probability that what is best in one half of the steps is in the lower half in the other, by
    Sharpe ratio: combinatorially symmetric cross-validation (Bailey, Borwein, López de Prado, Zhu
    2017). `growth` is (candidates, steps); steps that do not fill `blocks` are left out in front.
    """
    length = growth.shape[1] // blocks
    parts = growth[:, growth.shape[1] - length * blocks :].reshape(len(growth), blocks, length)
    sums, squares = parts.sum(axis=2).T, (parts * parts).sum(axis=2).T
    inside = _halves(blocks)
    seen = _ratios(inside @ sums, inside @ squares, length * blocks // 2)
    unseen = _ratios((1.0 - inside) @ sums, (1.0 - inside) @ squares, length * blocks // 2)
    best = seen.argmax(axis=1)
    chosen = unseen[np.arange(len(best)), best][:, None]
    # Ranks from 1; equal ones share the middle of theirs.
    rank = (unseen < chosen).sum(axis=1) + ((unseen == chosen).sum(axis=1) + 1) / 2.0
    return float((rank / (len(growth) + 1.0) <= 0.5).mean())


def _halves(blocks: int) -> NDArray[np.float64]:
    """Every choice of half of the blocks, as rows of ones and zeros."""
    chosen = np.array(list(combinations(range(blocks), blocks // 2)))
    halves = np.zeros((len(chosen), blocks))
    np.put_along_axis(halves, chosen, 1.0, axis=1)
    return halves


def _ratios(sums: Array, squares: Array, count: int) -> Array:
    means = sums / count
    spreads = np.sqrt(np.maximum(squares / count - means * means, 0.0))
    ratios: Array = np.where(spreads > _STILL, means / np.maximum(spreads, _STILL), 0.0)
    return ratios
