"""Learning on a GPU: the environment stays on the CPU and is the same one. Skips where none is."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from stable_baselines3.common.logger import Logger

from ai_pod.agents.learning.env import TradingVecEnv
from ai_pod.agents.learning.learners import export, learner_on
from ai_pod.agents.learning.train import train
from ai_pod.agents.learning.training import Device, Hooks, Training
from ai_pod.policies.backtest import Terms, World
from ai_pod.policies.learned import LearnedPolicy
from tests.support.build_learning import panel, provenance

WORLD = World.of(panel(400, 3, seed=1))
SHORT = Training(total_timesteps=2048, envs=64, n_steps=16, batch_size=256, hidden=(8, 8))
NO_CUDA = pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
DEVICES = pytest.mark.parametrize("device", ["cpu", pytest.param("cuda", marks=NO_CUDA)])


class Recorded(TradingVecEnv):
    """Keeps what it was told and what it answered."""

    def __init__(self) -> None:
        super().__init__(WORLD, Terms(), SHORT.envs, SHORT.episode_bars)
        self.reseed(3)
        self.told: list[NDArray[np.float32]] = []
        self.answered: list[tuple[NDArray[np.generic], ...]] = []

    def step_wait(self):  # type: ignore[no-untyped-def]
        # SB3 ships no types to a strict checker here
        answer = super().step_wait()
        self.told.append(self._actions.copy())
        self.answered.append(tuple(part.copy() for part in answer[:3]))
        return answer


@DEVICES
def test_the_same_actions_make_the_same_trajectory(device: Device) -> None:
    """What the learner did, wherever its network is, done again by hand on the CPU."""
    env = Recorded()
    learner = learner_on(env, replace(SHORT, device=device), 3)
    learner.set_logger(Logger(folder=None, output_formats=[]))
    env.reseed(3)
    learner.learn(SHORT.total_timesteps)
    again = Recorded()
    again.reset()
    for actions in env.told:
        again.step(actions)
    assert len(env.answered) == SHORT.total_timesteps // SHORT.envs
    for one, other in zip(env.answered, again.answered, strict=True):
        for left, right in zip(one, other, strict=True):
            np.testing.assert_array_equal(left, right)


@DEVICES
def test_the_network_is_on_the_device_and_its_export_acts_as_it_does(device: Device) -> None:
    env = Recorded()
    learner = learner_on(env, replace(SHORT, device=device), 3)
    learner.set_logger(Logger(folder=None, output_formats=[]))
    learner.learn(SHORT.total_timesteps)
    assert {parameter.device.type for parameter in learner.policy.parameters()} == {device}
    seen = env.reset()
    with torch.no_grad():
        at = torch.from_numpy(seen).to(device)
        mean = learner.policy.get_distribution(at).distribution.mean.cpu().numpy()
    policy = LearnedPolicy("learned", export(learner), provenance())
    np.testing.assert_allclose(policy.logits(seen), mean, atol=1e-6 if device == "cpu" else 1e-4)


@DEVICES
def test_a_run_that_was_stopped_goes_on_on_the_device(device: Device) -> None:
    kept: list[bytes] = []
    told: list[int] = []
    second_rollout = iter([*20 * [False], True])
    stopped = Hooks(stop=lambda: next(second_rollout), save=kept.append)
    assert train(WORLD, Terms(), SHORT, 5, stopped) is None
    hooks = Hooks(saved=kept[-1], progress=lambda step, _: told.append(step))
    assert train(WORLD, Terms(), replace(SHORT, device=device), 5, hooks) is not None
    assert told == [2048]
