"""The bench of learning: its peer keeps the same books, and its figures are there."""

import numpy as np
import pytest
import torch

from ai_pod.agents.learning.env import TradingVecEnv
from ai_pod.policies.backtest import Terms, World
from ai_pod.policies.features import FEATURES
from shiftdesk.benches.learn import RowEnv, run
from shiftdesk.errors import UsageProblem
from tests.support.build_learning import panel


def test_the_row_environment_does_the_same_work() -> None:
    world = World.of(panel(200, 4, seed=6))
    rows, arrays = RowEnv(world, Terms()), TradingVecEnv(world, Terms(), 1, 100)
    arrays.reset()
    arrays.episodes.restore(
        arrays.episodes.state() | {"at": np.array([0]), "left": np.array([100])}
    )
    rows.reset()
    drawn = np.random.default_rng(2).normal(0, 2, (30, 4)).astype(np.float32)
    for action in drawn:
        state, reward, _, _ = rows.step(action.astype(np.float64))
        seen, rewards, _, _ = arrays.step(action[None])
        assert reward == pytest.approx(float(rewards[0]), abs=1e-5)
        by_feature = seen[0].reshape(4, len(FEATURES)).T.ravel()
        np.testing.assert_allclose(state, by_feature, atol=1e-5)


def test_every_figure_is_measured() -> None:
    options = {"assets": "3", "envs": "16", "batch": "64", "rollout": "8", "repeats": "1"}
    settings, figures = run(options)
    assert settings["observation"] == 18
    assert (settings["epochs"], settings["device"]) == (4, "cpu")
    assert figures["vs_row_env"] > 10
    assert 0 < figures["vs_bare_network"] < 1.5
    assert min(figures.values()) > 0


def test_a_setting_that_is_none_is_refused() -> None:
    with pytest.raises(UsageProblem, match="luck"):
        run({"luck": "7"})


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a CUDA device")
def test_a_device_that_is_not_there_is_refused() -> None:
    with pytest.raises(UsageProblem, match="no CUDA device here"):
        run({"device": "cuda"})
