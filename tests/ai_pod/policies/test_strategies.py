"""The built-in strategies: what they hold, and that none of them sees a later bar."""

from dataclasses import replace

import numpy as np
import pytest

from ai_pod.policies.errors import PolicyError, UnknownPolicy
from ai_pod.policies.indicators import (
    changes,
    kept,
    long_only_minimum_variance,
    shrunk_covariance,
    sma,
    z_score,
)
from ai_pod.policies.strategies import STRATEGIES, BuyAndHold, Momentum, entered, matched, strategy
from market.series import Panel
from tests.support.build_learning import panel

PANEL = panel(900, 4, seed=11)


def first(bars: int) -> Panel:
    values = {
        n: getattr(PANEL, n)[:bars] for n in ("end", "open", "high", "low", "close", "volume")
    }
    return replace(PANEL, **values)


@pytest.mark.parametrize("name", STRATEGIES)
def test_the_targets_of_a_prefix_are_a_prefix_of_the_targets(name: str) -> None:
    whole = STRATEGIES[name].targets(PANEL)
    assert whole.shape == PANEL.close.shape
    for bars in (1, 2, 40, 300, 601, 899):
        np.testing.assert_array_equal(STRATEGIES[name].targets(first(bars)), whole[:bars])


@pytest.mark.parametrize("name", STRATEGIES)
def test_what_is_held_is_long_and_no_more_than_all(name: str) -> None:
    held = kept(STRATEGIES[name].targets(PANEL))
    assert np.nanmin(held) >= 0.0
    assert np.nansum(held, axis=1).max() <= 1.0 + 1e-9


def test_momentum_takes_the_best_third_by_the_return_that_leaves_out_the_last_month() -> None:
    row = 252 + 21
    past = PANEL.close[row - 21] / PANEL.close[row - 252] - 1.0
    best = np.argsort(-past)[:2]
    wanted = Momentum().targets(PANEL)[row]
    expected = np.where(past[best] > 0, 0.5, 0.0)
    np.testing.assert_array_equal(wanted[best], expected)
    assert wanted.sum() == expected.sum()


def test_averages_and_scores_are_the_plain_ones() -> None:
    close = PANEL.close
    np.testing.assert_allclose(sma(close, 7)[20], close[14:21].mean(axis=0), rtol=1e-12)
    window = close[11:21]
    expected = (close[20] - window.mean(axis=0)) / window.std(axis=0)
    np.testing.assert_allclose(z_score(close, 10)[20], expected, rtol=1e-6)
    assert np.isnan(z_score(np.ones((30, 1)), 10)).all()


def test_minimum_variance_is_the_least_of_many_portfolios() -> None:
    random = np.random.default_rng(2)
    returns = random.normal(0, 0.01, (300, 6)) @ random.normal(0, 1, (6, 6))
    covariance = shrunk_covariance(returns)
    weights = long_only_minimum_variance(returns)
    assert weights.min() >= 0.0
    assert weights.sum() == pytest.approx(1.0)
    others = random.dirichlet(np.ones(6), 2000)
    variances = np.einsum("ni,ij,nj->n", others, covariance, others)
    assert weights @ covariance @ weights <= variances.min()


def test_more_instruments_than_bars_have_a_minimum_variance_too() -> None:
    weights = long_only_minimum_variance(np.random.default_rng(0).normal(0, 0.01, (20, 60)))
    assert np.isfinite(weights).all()
    assert (weights > 0).sum() > 10


def test_matched_random_holdings_trade_and_hold_as_much() -> None:
    held = kept(matched(0.02, 0.4, seed=1).targets(panel(20_000, 3)))
    assert held.sum(axis=1).mean() == pytest.approx(0.4, abs=0.03)
    assert np.abs(np.diff(held, axis=0)).sum(axis=1).mean() == pytest.approx(0.02, rel=0.1)


def test_a_book_that_enters_later_holds_what_the_strategy_wanted_last() -> None:
    targets = BuyAndHold().targets(PANEL)
    part = entered(targets, 500, 600)
    assert part.shape == (100, 4)
    np.testing.assert_array_equal(part[0], 0.25)
    assert np.isnan(part[1:]).all()
    assert np.isnan(targets[500]).all(), "the whole is untouched"


def test_changes_are_where_the_row_before_was_another() -> None:
    state = np.array([[np.nan], [1.0], [1.0], [0.0]])
    np.testing.assert_array_equal(changes(state), [[np.nan], [1.0], [np.nan], [0.0]])


def test_settings_replace_defaults_and_unknown_ones_are_refused() -> None:
    assert strategy("sma-cross", {"fast": 5.0}) == replace(STRATEGIES["sma-cross"], fast=5)  # type: ignore[type-var]  # a dataclass
    with pytest.raises(PolicyError, match="no setting quick"):
        strategy("sma-cross", {"quick": 5.0})
    with pytest.raises(UnknownPolicy, match="no strategy 'nonsense'"):
        strategy("nonsense")
