"""Comparisons: against brute force, against each other, and against worlds whose truth is known."""

from itertools import combinations

import numpy as np
import pytest

from ai_pod.agents.learning.judging.comparisons import (
    at_one_volatility,
    backtest_overfitting,
    block_length,
    interquartile_mean,
    intervals_of_differences,
    sharpes,
    spa,
)
from ai_pod.agents.learning.statistics import sharpe, stationary_bootstrap

RANDOM = np.random.default_rng(0)
MARKET = RANDOM.normal(0.0, 1.0, 1000)


def overfitting_by_hand(growth: np.ndarray, blocks: int) -> float:
    """Word for word as Bailey, Borwein, López de Prado, Zhu 2017, section 3."""
    parts = np.split(growth, blocks, axis=1)
    worse = 0
    halves = list(combinations(range(blocks), blocks // 2))
    for half in halves:
        inside = np.concatenate([parts[i] for i in half], axis=1)
        outside = np.concatenate([parts[i] for i in range(blocks) if i not in half], axis=1)
        best = int(np.argmax([sharpe(one) for one in inside]))
        found = [sharpe(one) for one in outside]
        rank = 1 + sum(other < found[best] for other in found)
        relative = rank / (len(growth) + 1)
        worse += np.log(relative / (1.0 - relative)) <= 0.0
    return worse / len(halves)


@pytest.mark.parametrize(("candidates", "blocks"), [(3, 4), (7, 8), (10, 10)])
def test_overfitting_agrees_with_brute_force(candidates: int, blocks: int) -> None:
    for edge in (0.0, 0.1):
        growth = RANDOM.normal(0.0, 1.0, (candidates, 24 * blocks))
        growth[0] += edge
        assert backtest_overfitting(growth, blocks) == overfitting_by_hand(growth, blocks)


def test_choosing_among_noise_is_overfitting_and_choosing_an_edge_is_not() -> None:
    noise = [backtest_overfitting(RANDOM.normal(0.0, 1.0, (6, 960))) for _ in range(20)]
    assert np.mean(noise) == pytest.approx(0.5, abs=0.1)
    growth = RANDOM.normal(0.0, 1.0, (6, 960))
    growth[3] += 0.2
    assert backtest_overfitting(growth) < 0.05


def test_the_interquartile_mean_forgets_the_best_and_the_worst() -> None:
    assert interquartile_mean(np.array([9.0, 1.0, 2.0, 3.0, 4.0, -50.0, 3.0, 99.0])) == 3.0
    assert interquartile_mean(np.array([2.0])) == 2.0
    assert interquartile_mean(np.array([1.0, 2.0, 6.0])) == 3.0


def test_sharpe_ratios_side_by_side() -> None:
    growth = np.vstack([MARKET, np.zeros(1000), 0.5 * MARKET])
    assert sharpes(growth) == pytest.approx([sharpe(one) for one in growth], rel=1e-12)
    assert at_one_volatility(growth).std(axis=1) == pytest.approx([1.0, 0.0, 1.0])


def test_the_interval_is_the_bootstrap_of_resampled_series() -> None:
    """The matrix product gives what resampling the series themselves gives."""
    mine, theirs = MARKET + RANDOM.normal(0.02, 1.0, (4, 1000)), MARKET[None]
    found = intervals_of_differences(mine, theirs, 8, seed=3)
    drawn = stationary_bootstrap(1000, 8, 1000, np.random.default_rng(3))
    by_hand = [interquartile_mean(sharpes(mine[:, rows])) - sharpe(MARKET[rows]) for rows in drawn]
    assert found[0] == pytest.approx(np.percentile(by_hand, [2.5, 97.5]), rel=1e-9)


def ahead(mine: np.ndarray, theirs: np.ndarray) -> np.ndarray:
    return at_one_volatility(mine) - at_one_volatility(theirs)


def test_spa_is_rarely_fooled_and_sees_an_edge() -> None:
    """Under the null its p-value is about uniform: a tenth of the noise is below a tenth."""
    fooled = 0
    for _ in range(8):
        mine, theirs = MARKET + RANDOM.normal(0.0, 0.5, (2, 1000))
        fooled += spa(ahead(mine, theirs), 5, seed=1) <= 0.1
    assert fooled <= 3
    better = MARKET + RANDOM.normal(0.1, 0.5, 1000)
    assert spa(ahead(better, MARKET), 5, seed=1) <= 0.01


def test_half_of_the_same_book_is_no_better_and_no_worse() -> None:
    assert spa(ahead(0.5 * MARKET, MARKET), 5, seed=1) == 1.0


def test_blocks_are_longer_where_returns_hang_together() -> None:
    steps = np.random.default_rng(0).normal(0.0, 1.0, 2000)
    persistent = np.convolve(steps, np.ones(20), "valid")
    assert block_length(steps[None]) < 12 < block_length(np.vstack([steps[:1981], persistent]))
    assert block_length(np.zeros((1, 100))) == 5
