"""Backtests of any policy over any prices: what it decides knows nothing of what comes after, and
what it earns is only what comes after.
"""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ai_pod.contracts.seats import RiskProfile
from ai_pod.policies.backtest import Run, Terms, World, backtest
from ai_pod.policies.features import FEATURES, WINDOW, Array
from ai_pod.policies.learned import LearnedPolicy
from ai_pod.policies.policy import Policy
from ai_pod.policies.rules import EQUAL_WEIGHT, MOMENTUM, RULES, SMA_CROSS
from market.series import Panel
from market.simulator.costs import FREE, CostModel
from tests.support.build_learning import layers, panel, provenance

SOME = settings(deadline=None, max_examples=40)
PRICES = ("open", "high", "low", "close")
K = 3

panels = st.builds(
    panel, st.integers(WINDOW + 2, WINDOW + 40), st.just(K), seed=st.integers(0, 10**6)
)
terms = st.builds(
    Terms,
    profile=st.sampled_from(RiskProfile),
    costs=st.builds(
        CostModel,
        commission_bps=st.floats(0, 30),
        minimum_commission=st.floats(0, 5),
        half_spread_bps=st.floats(0, 20),
        price_decimals=st.sampled_from([None, 2]),
        fee_decimals=st.sampled_from([None, 2]),
    ),
    band=st.sampled_from([0.0, 0.01, 0.05]),
)


def anything(seed: int) -> Policy:
    """A policy that depends on all it sees, in no particular way."""
    return LearnedPolicy("any", layers((K * len(FEATURES), 8, K), seed), provenance(K))


policies = st.one_of(
    st.sampled_from(sorted(RULES)).map(RULES.__getitem__), st.integers(0, 99).map(anything)
)


def only(world: World, policy: Policy, how: Terms) -> Run:
    return backtest(world, [policy], how)[0]


@SOME
@given(panels, policies, terms, st.data())
def test_the_backtest_of_a_beginning_is_the_beginning_of_the_backtest(
    prices: Panel, policy: Policy, how: Terms, data: st.DataObject
) -> None:
    world = World.of(prices)
    bars = data.draw(st.integers(1, world.bars))
    whole, part = only(world, policy, how), only(world.part(0, bars), policy, how)
    np.testing.assert_array_equal(part.equity, whole.equity[:bars])
    for name in ("fees", "turnover", "quantities"):
        np.testing.assert_array_equal(getattr(part, name), getattr(whole, name)[: bars - 1])


@SOME
@given(panels, policies, terms, st.data())
def test_other_prices_later_change_nothing_before(
    prices: Panel, policy: Policy, how: Terms, data: st.DataObject
) -> None:
    """From the panel on: features, sizing and fills together."""
    at = data.draw(st.integers(WINDOW, len(prices) - 1))
    later = replace(prices, **{name: getattr(prices, name).copy() for name in PRICES})
    for name in PRICES:
        getattr(later, name)[at:] *= 1.7
    one, other = (only(World.of(each), policy, how) for each in (prices, later))
    known = at - WINDOW + 1
    np.testing.assert_array_equal(one.equity[:known], other.equity[:known])
    # The last decision on unchanged bars is the same; it fills at another price.
    np.testing.assert_array_equal(one.quantities[:known], other.quantities[:known])


@SOME
@given(
    panels, st.sampled_from([EQUAL_WEIGHT, MOMENTUM, SMA_CROSS]), terms, st.permutations(range(K))
)
def test_the_order_of_the_instruments_does_not_matter_to_a_rule(
    prices: Panel, policy: Policy, how: Terms, order: list[int]
) -> None:
    turned = replace(prices, **{name: getattr(prices, name)[:, order] for name in PRICES})
    one, other = (only(World.of(each), policy, how) for each in (prices, turned))
    np.testing.assert_array_equal(one.quantities[:, order], other.quantities)
    np.testing.assert_allclose(one.equity, other.equity, rtol=1e-12)


def noise(bars: int) -> Panel:
    """Nothing can be known ahead: gaps and moves within a bar are independent, equally large."""
    gaps, moves = np.random.default_rng(11).normal(0.0, MOVE, (2, bars, K))
    close = 100.0 * np.exp((gaps + moves).cumsum(axis=0))
    open_ = close / np.exp(moves)
    high, low = np.maximum(open_, close) * 1.001, np.minimum(open_, close) * 0.999
    return replace(panel(bars, K), open=open_, high=high, low=low, close=close)


MOVE = 0.004
NOISE = World.of(noise(3000))
CHANCE = 4.0 / np.sqrt(NOISE.bars)
"""Four standard errors of a Sharpe ratio of nothing."""


def told(what: Array) -> float:
    """Sharpe ratio, without costs, of who holds what rises by `what` (n, k) at each bar's end."""
    features = NOISE.features.copy()
    features[..., FEATURES.index("return_1")] = what / MOVE
    follower = replace(MOMENTUM, coefficients={"return_1": 1.0})
    run = only(replace(NOISE, features=features), follower, Terms(costs=FREE, band=0.0))
    return float(run.growth.mean() / run.growth.std())


def shifted(moves: Array, bars: int) -> Array:
    """Row i holds what happens in bar i + `bars`."""
    return np.roll(moves, -bars, axis=0)


def test_tomorrows_return_wins() -> None:
    within = np.log(NOISE.close / NOISE.open)
    assert told(shifted(within, 1)) > 0.5


@pytest.mark.parametrize("bars", [0, 2])
def test_yesterdays_return_and_the_day_afters_win_nothing(bars: int) -> None:
    within = np.log(NOISE.close / NOISE.open)
    assert abs(told(shifted(within, bars))) < CHANCE


def test_a_gap_before_the_fill_wins_nothing() -> None:
    """Who decides at the close fills at the next open: the move between the two is gone."""
    gap = np.log(NOISE.open / np.vstack([NOISE.open[:1], NOISE.close[:-1]]))
    assert abs(told(shifted(gap, 1))) < CHANCE
