"""What a stretch of returns says, and how sure one may be of it. Pure functions over arrays."""

import math
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from ai_pod.policies.features import Array

_NORMAL = NormalDist()
_EULER = 0.5772156649015329
_YEAR_NS = 365.25 * 86400e9
_STILL = 1e-12
"""A standard deviation below this counts as none."""


def sharpe(returns: Array) -> float:
    """Mean over standard deviation, per bar, without a riskless rate; 0 for a still book."""
    spread = float(returns.std())
    return float(returns.mean()) / spread if spread > _STILL else 0.0


def bars_per_year(ends: NDArray[np.int64]) -> float:
    """How many bars a year has, from the bars' own ends (ns)."""
    return (len(ends) - 1) * _YEAR_NS / float(ends[-1] - ends[0])


def annualised(sharpe_per_bar: float, ends: NDArray[np.int64]) -> float:
    return sharpe_per_bar * math.sqrt(bars_per_year(ends))


def max_drawdown(equity: Array) -> float:
    """The deepest fall from a peak, as a share of the peak (0 to 1)."""
    peaks = np.maximum.accumulate(equity)
    return float((1.0 - equity / peaks).max())


def stationary_bootstrap(
    length: int, block: float, draws: int, random: np.random.Generator
) -> NDArray[np.int64]:
    """Indices (draws, length) of resampled series: blocks of geometric length with mean `block`,
    around the circle (Politis, Romano 1994).
    """
    starts = random.integers(0, length, (draws, length))
    fresh = random.random((draws, length)) < 1.0 / block
    fresh[:, 0] = True
    column = np.arange(length)
    began = np.maximum.accumulate(np.where(fresh, column, 0), axis=1)
    indices: NDArray[np.int64] = (
        np.take_along_axis(starts, began, axis=1) + column - began
    ) % length
    return indices


def sharpe_difference_interval(
    one: Array, other: Array, seed: int = 0, draws: int = 1000, confidence: float = 0.95
) -> tuple[float, float]:
    """Interval of sharpe(one) - sharpe(other), per bar, for two books over the same bars.

    Both are resampled with the same indices (paired; Ledoit, Wolf 2008, with percentiles), blocks
    of mean length n^(1/3), at least 5.
    """
    block = max(5.0, len(one) ** (1.0 / 3.0))
    drawn = stationary_bootstrap(len(one), block, draws, np.random.default_rng(seed))
    differences = _sharpes(one[drawn]) - _sharpes(other[drawn])
    tail = 50.0 * (1.0 - confidence)
    low, high = np.percentile(differences, [tail, 100.0 - tail])
    return float(low), float(high)


def expected_best(trials: int, spread: float) -> float:
    """The Sharpe ratio that the best of `trials` skill-less candidates shows, when their Sharpe
    ratios vary by `spread` (standard deviation): Bailey, López de Prado 2014, eq. 1.
    """
    if trials < 2:
        return 0.0
    first = _NORMAL.inv_cdf(1.0 - 1.0 / trials)
    second = _NORMAL.inv_cdf(1.0 - 1.0 / (trials * math.e))
    return spread * ((1.0 - _EULER) * first + _EULER * second)


def probabilistic_sharpe(
    sharpe: float, periods: float, skew: float = 0.0, kurtosis: float = 3.0, against: float = 0.0
) -> float:
    """Probability that the true Sharpe ratio is above `against`, both per period: Bailey, López de
    Prado 2012, eq. 11. `kurtosis` is 3 for a normal distribution.
    """
    error = math.sqrt(_variance(sharpe, skew, kurtosis) / (periods - 1.0))
    return _NORMAL.cdf((sharpe - against) / error)


def minimum_track_record(
    sharpe: float,
    skew: float = 0.0,
    kurtosis: float = 3.0,
    against: float = 0.0,
    confidence: float = 0.95,
) -> float:
    """Periods after which such a Sharpe ratio is above `against` at that confidence; infinite when
    it is not above at all: Bailey, López de Prado 2012, eq. 13.
    """
    if sharpe <= against:
        return math.inf
    quantile = _NORMAL.inv_cdf(confidence) / (sharpe - against)
    return 1.0 + _variance(sharpe, skew, kurtosis) * quantile**2


def track_record_beyond_luck(
    sharpe: float, skew: float, kurtosis: float, luck: float, confidence: float = 0.95
) -> float:
    """Periods after which such a Sharpe ratio is above what luck shows by then, `luck` standard
    errors of normal returns: `minimum_track_record` against a bound that falls as 1/√n.
    """
    if sharpe <= 0.0:
        return math.inf
    needed = _NORMAL.inv_cdf(confidence) * math.sqrt(_variance(sharpe, skew, kurtosis)) + luck
    return 1.0 + (needed / sharpe) ** 2


def deflated_sharpe(returns: Array, trials: int, spread: float) -> float:
    """Probability that the true Sharpe ratio is above what the best of all trials shows by luck:
    Bailey, López de Prado 2014, eq. 2: `probabilistic_sharpe` against `expected_best`.
    """
    if sharpe(returns) == 0.0:
        return 0.0
    return probabilistic_sharpe(*moments(returns), against=expected_best(trials, spread))


def moments(returns: Array) -> tuple[float, int, float, float]:
    """Sharpe ratio per bar, number of bars, skewness and kurtosis (a normal one's is 3), all
    without correction for the sample's size.
    """
    spread = max(float(returns.std()), _STILL)
    normed = (returns - returns.mean()) / spread
    return sharpe(returns), len(returns), float((normed**3).mean()), float((normed**4).mean())


def _variance(sharpe: float, skew: float, kurtosis: float) -> float:
    """Of an estimated Sharpe ratio, times the number of periods less one (Mertens 2002)."""
    return max(1.0 - skew * sharpe + (kurtosis - 1.0) / 4.0 * sharpe**2, _STILL)


def _sharpes(samples: Array) -> Array:
    spreads = samples.std(axis=1)
    ratios: Array = np.where(
        spreads > _STILL, samples.mean(axis=1) / np.maximum(spreads, _STILL), 0.0
    )
    return ratios
