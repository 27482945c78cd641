"""Candidates out of sample: the split that no candidate may cross, and the table of competitors."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ai_pod.agents.learning.statistics import annualised, max_drawdown, sharpe
from ai_pod.contracts.learning import Competitor
from ai_pod.policies.backtest import Run, Terms, World, backtest
from ai_pod.policies.features import WINDOW
from ai_pod.policies.policy import Policy
from ai_pod.policies.rules import BUY_AND_HOLD, CASH, EQUAL_WEIGHT, MOMENTUM
from market.series import Panel

TEST_SHARE = 0.25
FEWEST_TEST_BARS = 250
FEWEST_TRAINING_BARS = 250
MOST_BARS = 8_000

BENCHMARKS: dict[str, Policy] = {
    "buy-and-hold": BUY_AND_HOLD,
    "1/N": EQUAL_WEIGHT,
    "momentum": MOMENTUM,
    "cash": CASH,
}


class TooFewBars(ValueError):
    """The line's history is too short to train on one part and judge on another."""


@dataclass(frozen=True)
class Split:
    """`train` ends a full window (the purge) before `test` begins, so that no bar's features reach
    from one into the other.
    """

    train: World
    test: World


def split_of(panel: Panel) -> Split:
    """The panel's world, split. Raises TooFewBars."""
    if len(panel) < WINDOW:
        raise TooFewBars(f"{len(panel)} bars; one observation alone needs {WINDOW}")
    return walk_forward(World.of(panel))


def walk_forward(world: World, purge: int = WINDOW) -> Split:
    """Train on the past, test on the most recent quarter. Raises TooFewBars."""
    world = world.part(max(0, world.bars - MOST_BARS), world.bars)
    test_bars = max(FEWEST_TEST_BARS, int(world.bars * TEST_SHARE))
    training_bars = world.bars - test_bars - purge
    if training_bars < FEWEST_TRAINING_BARS:
        needed = FEWEST_TRAINING_BARS + FEWEST_TEST_BARS + purge
        raise TooFewBars(f"{world.bars} bars; learning needs {needed}")
    return Split(world.part(0, training_bars), world.part(world.bars - test_bars, world.bars))


def doubled(terms: Terms) -> Terms:
    """The same terms at twice the costs."""
    costs = terms.costs
    return replace(
        terms,
        costs=replace(
            costs,
            commission_bps=2 * costs.commission_bps,
            minimum_commission=2 * costs.minimum_commission,
            half_spread_bps=2 * costs.half_spread_bps,
            slippage_bps=2 * costs.slippage_bps,
        ),
    )


def cost_bps(terms: Terms) -> float:
    """What trading costs per traded value, in basis points."""
    costs = terms.costs
    return costs.commission_bps + costs.half_spread_bps + costs.slippage_bps


def compete(test: World, entrants: Mapping[str, Policy], terms: Terms) -> dict[str, Run]:
    """Every entrant's run through the test bars, by name."""
    runs = backtest(test, list(entrants.values()), terms)
    return dict(zip(entrants, runs, strict=True))


def competitor(name: str, run: Run) -> Competitor:
    """A row of the verdict's table; `turnover` is the share of equity traded per bar."""
    return Competitor(
        name=name,
        policy=run.policy,
        sharpe=annualised(sharpe(run.growth), run.ends),
        total_return=float(run.equity[-1] / run.equity[0] - 1.0),
        max_drawdown=max_drawdown(run.equity),
        turnover=float(run.turnover.mean()),
    )


def median_of(sharpes: Sequence[float]) -> int:
    """Which candidate stands for all: the one in the middle (the lower of two), never the best."""
    return int(np.argsort(sharpes, kind="stable")[(len(sharpes) - 1) // 2])
