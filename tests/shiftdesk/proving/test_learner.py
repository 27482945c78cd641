"""The cheap learner: it finds what is planted, and learns from what it was given alone."""

from dataclasses import replace

import numpy as np
import pytest

from ai_pod.agents.learning.judging.outcomes import record_of
from ai_pod.agents.learning.statistics import annualised, sharpe
from ai_pod.policies.backtest import Terms, World
from ai_pod.policies.rules import EQUAL_WEIGHT
from shiftdesk.proving.ideal import EDGES
from shiftdesk.proving.learner import train
from shiftdesk.proving.worlds import DAYS, Edge, draw

SEED = 950_123
LEARNED = 7 * DAYS


@pytest.mark.parametrize("edge", EDGES, ids=lambda edge: edge.name)
def test_from_seven_years_it_earns_most_of_an_edge_in_the_years_after(edge: Edge) -> None:
    """The ideal's lead over 1/N is 1.2 a year, in the mean of worlds."""
    world = World.of(draw(SEED, edge, years=27.0).panel)
    policy = train(world, ((0, LEARNED),), Terms(), 1)
    after = world.part(LEARNED, world.bars)
    lead = [
        annualised(sharpe(record_of(after, one, Terms()).growth), after.ends)
        for one in (policy, EQUAL_WEIGHT)
    ]
    assert 0.6 < lead[0] - lead[1] < 1.4


def test_it_learns_from_its_stretches_alone() -> None:
    """Other prices and features outside of them make no difference, in a gap as at the end."""
    world = World.of(draw(SEED, EDGES[0], instruments=4, years=3.0).panel)
    stretches = ((50, 250), (320, 600))
    outside = np.ones(world.bars, dtype=bool)
    for first, last in stretches:
        outside[first:last] = False
    other = replace(
        world,
        features=np.where(outside[:, None, None], 1.0, world.features).astype(np.float32),
        **{
            name: np.where(outside[:, None], 7.0, getattr(world, name))
            for name in ("open", "high", "low", "close")
        },
    )
    layers = [train(each, stretches, Terms(), 1).layers[0] for each in (world, other)]
    assert (layers[0][0] == layers[1][0]).all()
    assert np.abs(layers[0][0]).max() > 0.1


def test_seeds_learn_different_policies() -> None:
    world = World.of(draw(SEED, EDGES[0], instruments=4, years=3.0).panel)
    one, other = (train(world, ((0, 600),), Terms(), seed).layers[0][0] for seed in (1, 2))
    assert (one != other).any()
