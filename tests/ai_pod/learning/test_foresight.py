"""What the environment pays for: knowing the bar that comes next, and nothing else."""

from dataclasses import replace

import numpy as np
import pytest

from ai_pod.agents.learning.env import TradingVecEnv
from ai_pod.agents.learning.evaluate import walk_forward
from ai_pod.agents.learning.statistics import sharpe_difference_interval
from ai_pod.agents.learning.train import Hooks, Training, train
from ai_pod.policies.backtest import Terms, World, backtest
from ai_pod.policies.features import FEATURES
from ai_pod.policies.learned import BOUND, LearnedPolicy
from ai_pod.policies.rules import EQUAL_WEIGHT
from market.simulator.costs import FREE
from tests.support.build_learning import VOLATILITY, panel, provenance

NOISE = World.of(panel(1600, 3, seed=21))
TERMS = Terms(costs=FREE)
LITTLE = Training(total_timesteps=49_152)


def told(bars: int) -> World:
    """The noise, with the move of the bar so many ahead in place of the last bar's move."""
    moves = np.roll(np.log(NOISE.close / NOISE.open), -bars, axis=0)
    features = NOISE.features.copy()
    features[..., FEATURES.index("return_1")] = moves / VOLATILITY
    return replace(NOISE, features=features)


@pytest.mark.parametrize(("bars", "pays"), [(1, True), (0, False), (2, False)])
def test_the_environment_pays_who_knows_the_next_bar(bars: int, pays: bool) -> None:
    env = TradingVecEnv(told(bars), replace(TERMS, band=0.0), 64)
    seen, rewards = env.reset(), []
    for _ in range(200):
        known = seen.reshape(64, 3, len(FEATURES))[..., FEATURES.index("return_1")]
        seen, reward, _, _ = env.step(np.where(known > 0, BOUND, -BOUND).astype(np.float32))
        rewards.append(reward)
    found = np.array(rewards)
    # Books that share bars are not independent: the error is that of 200 steps, not of 64 x 200.
    error = found.std() / np.sqrt(200)
    assert (found.mean() > 8 * error) if pays else (abs(found.mean()) < 3 * error)


def beats_equal_weights(world: World, seed: int) -> bool:
    """Whether a learner of the world is better than equal weights beyond doubt, on unseen bars."""
    split = walk_forward(world)
    layers = train(split.train, TERMS, LITTLE, seed, Hooks())
    assert layers is not None
    learned = LearnedPolicy("learned", layers, provenance())
    mine, equal = backtest(split.test, [learned, EQUAL_WEIGHT], TERMS)
    return sharpe_difference_interval(mine.growth, equal.growth)[0] > 0.0


def test_a_learner_told_tomorrows_return_wins_and_one_told_noise_does_not() -> None:
    assert beats_equal_weights(told(1), 1)
    assert not beats_equal_weights(NOISE, 1)
    assert not beats_equal_weights(told(0), 1)
