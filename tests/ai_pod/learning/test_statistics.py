"""Statistics: against known values, and against what they claim to cover."""

import math

import numpy as np
import pytest

from ai_pod.agents.learning.statistics import (
    annualised,
    bars_per_year,
    deflated_sharpe,
    expected_best,
    max_drawdown,
    minimum_track_record,
    probabilistic_sharpe,
    sharpe,
    sharpe_difference_interval,
    stationary_bootstrap,
)


def test_sharpe_and_its_year() -> None:
    returns = np.array([0.01, -0.01, 0.02, 0.0])
    assert sharpe(returns) == pytest.approx(0.005 / np.std(returns))
    assert sharpe(np.zeros(5)) == 0.0
    quarter_hours = np.arange(36_525, dtype=np.int64) * 900 * 10**9
    assert bars_per_year(quarter_hours) == pytest.approx(365.25 * 96)
    assert annualised(0.01, quarter_hours) == pytest.approx(0.01 * math.sqrt(365.25 * 96))


def test_the_deepest_fall() -> None:
    assert max_drawdown(np.array([100.0, 120.0, 90.0, 130.0, 110.0])) == pytest.approx(0.25)
    assert max_drawdown(np.array([1.0, 2.0, 3.0])) == 0.0


def test_the_bootstrap_draws_blocks_around_the_circle() -> None:
    drawn = stationary_bootstrap(100, 10.0, 2000, np.random.default_rng(0))
    assert drawn.shape == (2000, 100)
    assert drawn.min() == 0
    assert drawn.max() == 99
    goes_on = (np.diff(drawn, axis=1) % 100 == 1).mean()
    # A block goes on with 9 in 10, and by chance one in a hundred of the fresh starts does too.
    assert goes_on == pytest.approx(0.9 + 0.1 / 100, abs=0.005)
    assert np.bincount(drawn.ravel(), minlength=100).std() < 0.1 * 2000


def test_the_interval_covers_a_true_difference_of_nothing() -> None:
    random = np.random.default_rng(3)
    covered = 0
    for seed in range(200):
        market = random.normal(0.02, 1.0, 400)
        one, other = (market + random.normal(0, 1.0, 400) for _ in range(2))
        low, high = sharpe_difference_interval(one, other, seed, draws=300)
        covered += low <= 0.0 <= high
    assert 0.90 <= covered / 200 <= 0.99


def test_the_interval_sees_a_real_difference() -> None:
    random = np.random.default_rng(4)
    market = random.normal(0.0, 1.0, 1000)
    low, high = sharpe_difference_interval(market + 0.3, market)
    assert 0.1 < low < 0.3 < high < 0.6


def test_the_best_of_many_trials_is_what_simulation_says() -> None:
    best = np.random.default_rng(0).normal(0, 0.5, (20_000, 50)).max(axis=1).mean()
    assert expected_best(50, 0.5) == pytest.approx(best, rel=0.02)
    assert expected_best(1, 0.5) == 0.0


def test_the_probabilistic_ratio_prints_the_papers_digits() -> None:
    """Bailey, López de Prado 2012, section 4: 24 monthly returns, Sharpe ratio 0.458 a month,
    skewness -2.448, kurtosis 10.164: 0.982 if returns were normal, 0.913 as they are.
    """
    assert round(probabilistic_sharpe(0.458, 24), 3) == 0.982
    assert round(probabilistic_sharpe(0.458, 24, -2.448, 10.164), 3) == 0.913


@pytest.mark.parametrize(("a_year", "years"), [(250, 2.73), (52, 2.83), (12, 3.24)])
def test_the_track_record_of_normal_returns_prints_the_papers_digits(
    a_year: int, years: float
) -> None:
    """Bailey, López de Prado 2012, section 5: a Sharpe ratio of 2 a year to be above 1."""
    root = math.sqrt(a_year)
    assert round(minimum_track_record(2 / root, against=1 / root) / a_year, 2) == years


def test_the_track_record_of_a_typical_fund_prints_the_papers_digits() -> None:
    """The same from months with skewness -0.72 and kurtosis 5.78: 4.99 years."""
    root = math.sqrt(12)
    assert round(minimum_track_record(2 / root, -0.72, 5.78, 1 / root) / 12, 2) == 4.99
    assert minimum_track_record(0.1, against=0.1) == math.inf


def test_the_deflated_ratio_prints_the_papers_digits() -> None:
    """Bailey, López de Prado 2014, "a numerical example": a Sharpe ratio of 2.5 a year over 1250
    days, skewness -3, kurtosis 10, a variance of 1/2 among the trials, 250 days a year.
    """
    ratio, spread = 2.5 / math.sqrt(250), math.sqrt(0.5 / 250)

    def deflated(trials: int, skew: float, kurtosis: float) -> float:
        against = expected_best(trials, spread)
        return round(probabilistic_sharpe(ratio, 1250, skew, kurtosis, against), 4)

    assert round(expected_best(100, spread), 4) == 0.1132
    assert deflated(100, -3.0, 10.0) == 0.9004
    assert deflated(46, -3.0, 10.0) == 0.9505
    assert deflated(88, 0.0, 3.0) == 0.9505


def test_a_series_deflates_as_its_moments_do() -> None:
    returns = _moments(2.5 / math.sqrt(250), skew=-3.0, kurtosis=10.0, length=1250)
    spread = math.sqrt(0.5 / 250)
    assert deflated_sharpe(returns, 100, spread) == pytest.approx(0.90, abs=0.015)
    assert deflated_sharpe(np.zeros(10), 5, 0.1) == 0.0


def _moments(ratio: float, *, skew: float, kurtosis: float, length: int) -> np.ndarray:
    """Returns whose Sharpe ratio, skewness and kurtosis are these: three outcomes, weighted."""
    root = math.sqrt(4.0 * kurtosis - 3.0 * skew**2)
    low, high = (skew - root) / 2.0, (skew + root) / 2.0
    shares = (-1.0 / (low * (high - low)), 1.0 / (high * (high - low)))
    counts = [round(share * length) for share in shares]
    values = np.repeat([low, high, 0.0], [*counts, length - sum(counts)])
    values = (values - values.mean()) / values.std()
    return values + ratio
