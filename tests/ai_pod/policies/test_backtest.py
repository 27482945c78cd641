"""Backtests: the books balance, fills come a bar later, profiles and costs bite."""

from dataclasses import replace

import numpy as np
import pytest

from ai_pod.contracts.seats import RiskProfile
from ai_pod.policies.backtest import Terms, World, backtest
from ai_pod.policies.features import WINDOW
from ai_pod.policies.rules import BUY_AND_HOLD, CASH, EQUAL_WEIGHT, MOMENTUM, RULES
from market.simulator.costs import FREE, CostModel
from tests.support.build_learning import panel

PANEL = panel(300, 3, seed=5)
WORLD = World.of(PANEL)
TERMS = Terms()


def test_a_world_begins_where_the_features_do() -> None:
    assert WORLD.bars == 300 - WINDOW + 1
    np.testing.assert_array_equal(WORLD.close[0], PANEL.close[WINDOW - 1])
    assert WORLD.ends[0] == PANEL.end[WINDOW - 1]
    assert WORLD.part(10, 20).bars == 10


def test_the_books_balance() -> None:
    for run in backtest(WORLD, list(RULES.values()), TERMS):
        positions = run.quantities.cumsum(axis=0)
        opens = WORLD.open[1:]
        against = 1.0 + np.sign(run.quantities) * TERMS.costs.against
        prices = np.clip(opens * against, WORLD.low[1:], WORLD.high[1:])
        paid = (run.quantities * prices).sum(axis=1) + run.fees
        cash = TERMS.starting_cash - paid.cumsum()
        worth = cash + (positions * WORLD.close[1:]).sum(axis=1)
        np.testing.assert_allclose(run.equity[1:], worth, rtol=1e-9)


def test_policies_side_by_side_are_as_each_alone() -> None:
    together = backtest(WORLD, [EQUAL_WEIGHT, MOMENTUM, CASH], TERMS)
    for policy, run in zip((EQUAL_WEIGHT, MOMENTUM, CASH), together, strict=True):
        alone = backtest(WORLD, [policy], TERMS)[0]
        np.testing.assert_allclose(alone.equity, run.equity, rtol=1e-12)


def test_nothing_after_the_decided_bar_is_seen() -> None:
    later = replace(WORLD, **{name: getattr(WORLD, name).copy() for name in ("open", "close")})
    later.open[151:] *= 1.1
    later.close[151:] *= 1.1
    one, other = (backtest(world, [MOMENTUM], TERMS)[0] for world in (WORLD, later))
    np.testing.assert_array_equal(one.quantities[:151], other.quantities[:151])


def test_cash_keeps_its_money_and_costs_take_from_who_trades() -> None:
    run = backtest(WORLD, [CASH], TERMS)[0]
    np.testing.assert_array_equal(run.equity, TERMS.starting_cash)
    free = backtest(WORLD, [MOMENTUM], replace(TERMS, costs=FREE))[0]
    dear = backtest(WORLD, [MOMENTUM], replace(TERMS, costs=CostModel(commission_bps=20)))[0]
    assert dear.equity[-1] < free.equity[-1]
    assert free.fees.sum() == 0.0


@pytest.mark.parametrize(("profile", "gross"), [("cautious", 0.5), ("balanced", 0.8), ("bold", 1)])
def test_the_profile_decides_how_much_is_invested(profile: str, gross: float) -> None:
    run = backtest(WORLD, [BUY_AND_HOLD], Terms(profile=RiskProfile(profile)))[0]
    invested = (run.quantities[0] * WORLD.open[1]).sum() / TERMS.starting_cash
    assert invested == pytest.approx(gross, abs=0.01)
    # Bought once, and then left alone but for what outgrows the profile.
    assert run.turnover[1:].sum() < 0.1
