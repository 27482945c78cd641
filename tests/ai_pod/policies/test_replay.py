"""Precomputed targets: compiled as stepped, bar for bar; the future touches nothing."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ai_pod.contracts.seats import RiskProfile
from ai_pod.policies.backtest import Run, Terms, World, backtest, replay
from ai_pod.policies.compiled import plain
from ai_pod.policies.rules import EQUAL_WEIGHT
from market.series import VALUES, Bars, Panel
from market.series import panel as side_by_side
from market.simulator.costs import CostModel
from market.simulator.step import start, step
from tests.support.build_learning import panel

PANEL = panel(160, 3, seed=4)
COSTS = (CostModel(), CostModel(5.0, 1.5, 2.0, 3.0), CostModel().to_the_cent())


def drawn(seed: int, gaps: float, bars: int = 160) -> np.ndarray:
    """Targets (1, T, 3), long and short, some of them NaN."""
    random = np.random.default_rng(seed)
    targets = random.uniform(-0.6, 0.6, (1, bars, 3))
    targets[random.random(targets.shape) < gaps] = np.nan
    return targets


def stepped(
    targets: np.ndarray, terms: Terms, market: Panel = PANEL
) -> tuple[np.ndarray, np.ndarray]:
    """Equity (T,) and quantities (T - 1, k) by `market.simulator.step` alone."""
    book, equity, quantities = start(terms.starting_cash, 3), [terms.starting_cash], []
    limit = {RiskProfile.BOLD: 1.0, RiskProfile.CAUTIOUS: 0.5}[terms.profile]
    for bar in range(len(targets) - 1):
        row = targets[bar]
        row = row * min(1.0, limit / max(np.nansum(np.abs(row)), 1e-12))
        book, outcome = step(
            book,
            row,
            market.close[bar],
            market.open[bar + 1],
            market.high[bar + 1],
            market.low[bar + 1],
            market.close[bar + 1],
            terms.costs,
            terms.lots,
            terms.band,
        )
        equity.append(float(outcome.equity))
        quantities.append(outcome.quantities)
    return np.array(equity), np.array(quantities)


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 2**31),
    gaps=st.sampled_from([0.0, 0.3, 0.95]),
    costs=st.sampled_from(COSTS),
    lots=st.sampled_from([1.0, 0.01]),
    profile=st.sampled_from([RiskProfile.BOLD, RiskProfile.CAUTIOUS]),
)
def test_a_replay_is_the_simulator_bar_for_bar(
    seed: int, gaps: float, costs: CostModel, lots: float, profile: RiskProfile
) -> None:
    terms = Terms(profile=profile, costs=costs, lots=lots)
    targets = drawn(seed, gaps)
    run = replay(PANEL, targets, terms)[0]
    equity, quantities = stepped(targets[0], terms)
    np.testing.assert_allclose(run.equity, equity, rtol=1e-12)
    np.testing.assert_allclose(run.quantities, quantities, rtol=1e-12)


@pytest.mark.parametrize("costs", [*COSTS, CostModel(impact=1.0, volume_share=0.1)])
def test_a_missing_bar_fills_nothing_and_stands_at_its_last_close(costs: CostModel) -> None:
    gone = np.random.default_rng(6).random(PANEL.close.shape) < 0.3
    gone[0] = False
    names = [f"XNYS:{column}" for column in range(3)]
    parts = [
        Bars(PANEL.end[kept], *(getattr(PANEL, name)[kept, column] for name in VALUES))
        for column, kept in enumerate(~gone.T)
    ]
    market = side_by_side(tuple(names), parts)
    assert market.end.tolist() == PANEL.end[~gone.all(axis=1)].tolist()
    targets = drawn(3, 0.0, len(market))
    run = replay(market, targets, Terms(costs=costs))[0]
    there = ~np.isnan(market.open[1:])
    assert not run.quantities[~there].any()
    assert np.count_nonzero(run.quantities[there]) > 50
    assert np.isfinite(run.equity).all()
    if plain(costs):
        equity, quantities = stepped(targets[0], Terms(costs=costs), market)
        np.testing.assert_allclose(run.equity, equity, rtol=1e-12)
        np.testing.assert_allclose(run.quantities, quantities, rtol=1e-12)


def test_the_compiled_step_is_taken_only_for_costs_that_it_knows() -> None:
    assert plain(COSTS[0])
    assert plain(COSTS[1])
    assert plain(COSTS[2])
    assert not plain(CostModel(impact=1.0))


@pytest.mark.parametrize("costs", COSTS)
def test_every_fill_is_on_record_and_the_books_balance(costs: CostModel) -> None:
    run = replay(PANEL, drawn(1, 0.3), Terms(costs=costs))[0]
    filled = run.quantities != 0
    assert filled.sum() > 100
    assert (run.prices[filled] >= PANEL.low[1:][filled]).all()
    assert (run.prices[filled] <= PANEL.high[1:][filled]).all()
    np.testing.assert_allclose(run.commissions.sum(axis=1), run.fees, rtol=1e-12)
    paid = np.where(filled, run.quantities * run.prices, 0.0).sum(axis=1) + run.fees
    held = (run.quantities.cumsum(axis=0) * PANEL.close[1:]).sum(axis=1)
    np.testing.assert_allclose(run.equity[1:], 100_000.0 - paid.cumsum() + held, rtol=1e-9)


def test_a_replay_of_a_prefix_is_a_prefix_whatever_follows() -> None:
    whole = replay(PANEL, drawn(2, 0.3), Terms())[0]
    later = {n: getattr(PANEL, n).copy() for n in ("open", "high", "low", "close")}
    for values in later.values():
        values[101:] *= 1.3
    other = replay(replace(PANEL, **later), drawn(2, 0.3), Terms())[0]
    np.testing.assert_array_equal(whole.equity[:101], other.equity[:101])
    np.testing.assert_array_equal(whole.quantities[:100], other.quantities[:100])


def test_a_policys_backtest_is_the_replay_of_its_weights() -> None:
    world = World.of(PANEL)
    ran = backtest(world, [EQUAL_WEIGHT], Terms())[0]
    targets = np.full((1, *world.close.shape), 1.0 / 3.0)
    again: Run = replay(world, targets, Terms(), [ran.policy])[0]
    np.testing.assert_allclose(again.equity, ran.equity, rtol=1e-12)
    np.testing.assert_array_equal(again.quantities, ran.quantities)
    assert again.policy == ran.policy


def test_cash_earns_by_calendar_days_and_a_cap_and_impact_bite() -> None:
    still = replay(PANEL, np.zeros((1, 160, 3)), Terms(costs=CostModel(cash_rate=0.05)))[0]
    days = (PANEL.end[-1] - PANEL.end[0]) / 86400e9
    assert still.equity[-1] == pytest.approx(100_000 * np.exp(0.05 * days / 365), rel=1e-6)
    targets = drawn(5, 0.0)
    free = replay(PANEL, targets, Terms())[0]
    capped = replay(PANEL, targets, Terms(costs=CostModel(volume_share=0.1)))[0]
    assert np.abs(free.quantities).max() > 100.0
    assert np.abs(capped.quantities).max() == 100.0
    daily = replace(PANEL, end=PANEL.end[0] + np.arange(160) * 86400 * 10**9)
    plain, moved = (
        replay(daily, targets, Terms(costs=CostModel(impact=impact)))[0] for impact in (0.0, 1.0)
    )
    np.testing.assert_allclose(moved.equity[:21], plain.equity[:21], rtol=1e-12)
    assert moved.equity[-1] < plain.equity[-1]
