"""How much history learning takes, and on which terms it is judged."""

from dataclasses import dataclass, replace

from ai_pod.policies.backtest import Terms, World
from ai_pod.policies.features import WINDOW

TEST_SHARE = 0.25
FEWEST_TEST_BARS = 250
FEWEST_TRAINING_BARS = 250
MOST_BARS = 8_000


class TooFewBars(ValueError):
    """The line's history is too short to train on one part and judge on another."""


@dataclass(frozen=True)
class Split:
    """`train` ends a full window (the purge) before `test` begins, so that no bar's features reach
    from one into the other.
    """

    train: World
    test: World


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
    return replace(terms, costs=terms.costs.times(2))


def cost_bps(terms: Terms) -> float:
    """What trading costs per traded value, in basis points."""
    costs = terms.costs
    return costs.commission_bps + costs.half_spread_bps + costs.slippage_bps
