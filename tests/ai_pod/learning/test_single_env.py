"""The single environment: correct by Gymnasium's and SB3's own checks, the batch's very twin."""

from dataclasses import replace

import gymnasium
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env
from stable_baselines3.common.env_checker import check_env as check_env_of_sb3

from ai_pod.agents.learning.env import TradingEnv, TradingVecEnv
from ai_pod.contracts.seats import RiskProfile
from ai_pod.policies.backtest import Terms, World
from tests.support.build_learning import panel

WORLD = World.of(panel(300, 3, seed=3))
TERMS = Terms(profile=RiskProfile.BALANCED)
STRETCHES = ((0, 90), (120, 268))
COUNT = 5


# Both recommend bounds of ±1; a share of equity has none, and logits are clipped to ±BOUND.
@pytest.mark.filterwarnings("ignore:.*(infinity|normalized).*:UserWarning")
def test_gymnasium_and_sb3_find_nothing_wrong() -> None:
    env = TradingEnv(WORLD, TERMS, 20, STRETCHES)
    check_env(env, skip_render_check=True)
    check_env_of_sb3(env)


def test_the_batch_is_the_single_one_many_times() -> None:
    """Bit for bit, from any rows, over the ends of episodes, and through a crash."""
    fallen = np.where(np.arange(WORLD.bars) < 200, 1.0, 0.01)[:, None]
    names = ("open", "high", "low", "close")
    crash = replace(WORLD, **{name: getattr(WORLD, name) * fallen for name in names})
    batch = TradingVecEnv(crash, TERMS, COUNT, 20, STRETCHES)
    ones = [TradingEnv(crash, TERMS, 20, STRETCHES) for _ in range(COUNT)]
    batch.reset()
    random, ends, ruined = np.random.default_rng(1), 0, 0
    batch.episodes.begin(np.arange(COUNT))
    for one, row in zip(ones, batch.episodes.state()["at"].tolist(), strict=True):
        one.reset(options={"row": row})
    for _ in range(200):
        actions = random.normal(2, 3, (COUNT, 3)).astype(np.float32)
        seen, rewards, done, infos = batch.step(actions)
        for i, one in enumerate(ones):
            mine, reward, terminated, truncated, _ = one.step(actions[i])
            assert reward == rewards[i]
            assert (terminated or truncated) == done[i]
            if done[i]:
                ends += 1
                ruined += terminated
                np.testing.assert_array_equal(mine, infos[i]["terminal_observation"])
                assert truncated == infos[i]["TimeLimit.truncated"]
                mine, _ = one.reset(options={"row": int(batch.episodes.state()["at"][i])})
            np.testing.assert_array_equal(mine, seen[i])
    assert ends >= 10 * COUNT
    assert 0 < ruined < ends


def test_a_seed_decides_where_it_begins() -> None:
    one, other = TradingEnv(WORLD, TERMS, 20), TradingEnv(WORLD, TERMS, 20)
    rows = [one.reset(seed=4)[1]["row"], *(one.reset()[1]["row"] for _ in range(5))]
    assert rows == [other.reset(seed=4)[1]["row"], *(other.reset()[1]["row"] for _ in range(5))]
    assert len(set(rows)) > 3


def test_what_it_cannot_do_it_refuses() -> None:
    env = TradingEnv(WORLD, TERMS, 20, STRETCHES)
    action = np.zeros(3, np.float32)
    with pytest.raises(gymnasium.error.ResetNeeded):
        env.step(action)
    for row in (80, 100, 500, -1):
        with pytest.raises(ValueError, match=f"begin at row {row}"):
            env.reset(options={"row": row})
    env.reset(options={"row": 69})
    for _ in range(20):
        *_, truncated, info = env.step(action)
    assert truncated
    assert info["row"] == 89
    with pytest.raises(gymnasium.error.ResetNeeded):
        env.step(action)
