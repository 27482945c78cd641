"""Rules and risk profiles: what they hold, and that they say exactly why."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_pod.contracts.seats import RiskProfile
from ai_pod.policies.errors import UnknownPolicy
from ai_pod.policies.explain import NAMES, explain, reason
from ai_pod.policies.features import WINDOW
from ai_pod.policies.policy import GROSS, apply_profile
from ai_pod.policies.rules import (
    BUY_AND_HOLD,
    CASH,
    EQUAL_WEIGHT,
    MOMENTUM,
    RULES,
    SMA_CROSS,
    Rule,
    rule,
)
from tests.support.build_learning import panel, seen_by

NOTHING = np.zeros((1, 2))
UP_AND_DOWN = 100.0 * np.exp(np.arange(WINDOW)[:, None] * np.array([[0.01, -0.01]]))
CLOSES = panel(80, 4, seed=3).close


def test_equal_weight_and_cash_are_what_they_say() -> None:
    seen = seen_by(UP_AND_DOWN, NOTHING)
    np.testing.assert_array_equal(EQUAL_WEIGHT.act(seen), [[0.5, 0.5]])
    np.testing.assert_array_equal(CASH.act(seen), [[0.0, 0.0]])


@pytest.mark.parametrize("trend", [MOMENTUM, SMA_CROSS])
def test_trend_rules_hold_what_rises(trend: Rule) -> None:
    np.testing.assert_array_equal(trend.act(seen_by(UP_AND_DOWN, NOTHING)), [[0.5, 0.0]])


def test_buy_and_hold_buys_once_and_then_leaves_its_shares_alone() -> None:
    np.testing.assert_array_equal(BUY_AND_HOLD.act(seen_by(UP_AND_DOWN, NOTHING)), [[0.5, 0.5]])
    drifted = np.array([[0.7, 0.2]])
    held = BUY_AND_HOLD.act(seen_by(UP_AND_DOWN, drifted))
    np.testing.assert_allclose(held, drifted, atol=1e-6)


@pytest.mark.parametrize("name", sorted(RULES))
def test_every_rule_acts_alike_for_many_and_explains_exactly(name: str) -> None:
    held = np.random.default_rng(1).dirichlet(np.ones(5), 6)[:, :4]
    seen = seen_by(CLOSES, held)
    together = rule(name).act(seen)
    assert together.shape == (6, 4)
    assert (together >= 0).all()
    assert (together.sum(axis=1) <= 1 + 1e-6).all()
    for row in range(6):
        np.testing.assert_array_equal(rule(name).act(seen[row : row + 1])[0], together[row])
    why = explain(rule(name), seen)
    np.testing.assert_allclose(why.base + why.contributions.sum(axis=2), why.scores, atol=1e-12)


def test_a_trend_rule_says_what_moved_it() -> None:
    why = explain(MOMENTUM, seen_by(UP_AND_DOWN, np.array([[0.5, 0.0]])))
    parts = why.of(0, 0)
    assert set(parts) == set(NAMES)
    assert parts["momentum_32"] == 5.0
    assert parts["weight"] == pytest.approx(0.25)
    assert reason(why.scores[0, 0], parts) == (
        "score +5.25, mostly from momentum over 32 bars (+5.00) and what is held already (+0.25)"
    )
    fixed = explain(EQUAL_WEIGHT, seen_by(UP_AND_DOWN, NOTHING))
    assert reason(fixed.scores[0, 0], fixed.of(0, 0)) == "score +1.00, fixed by rule"


def test_an_unknown_rule_is_named() -> None:
    with pytest.raises(UnknownPolicy, match=r"no rule 'rule:luck@1'; there are rule:buy-and-hold"):
        rule("rule:luck@1")


@given(
    st.lists(st.floats(0, 2), min_size=1, max_size=6),
    st.sampled_from(RiskProfile),
)
def test_a_profile_bounds_the_gross_exposure_once(
    wanted: list[float], profile: RiskProfile
) -> None:
    weights = np.array(wanted)
    bounded = apply_profile(weights, profile)
    assert bounded.sum() <= GROSS[profile] + 1e-9
    np.testing.assert_allclose(apply_profile(bounded, profile), bounded, atol=1e-12)
    if weights.sum() <= GROSS[profile]:
        np.testing.assert_array_equal(bounded, weights)
    else:
        np.testing.assert_allclose(bounded * weights.sum(), weights * GROSS[profile], atol=1e-9)
