"""Training: the learner can learn, is deterministic, stops quickly and resumes exactly."""

import time
from dataclasses import replace

import numpy as np
import psutil
import pytest
import torch
from stable_baselines3.common.logger import Logger

from ai_pod.agents.learning.env import TradingVecEnv
from ai_pod.agents.learning.evaluate import walk_forward
from ai_pod.agents.learning.learners import device_of, export, learner_on
from ai_pod.agents.learning.statistics import sharpe
from ai_pod.agents.learning.train import train
from ai_pod.agents.learning.training import (
    TRAININGS,
    Algorithm,
    DeviceMissing,
    Hooks,
    Metrics,
    Training,
)
from ai_pod.policies.backtest import Terms, World, backtest
from ai_pod.policies.learned import LearnedPolicy, weights_of_logits
from ai_pod.policies.rules import CASH, EQUAL_WEIGHT
from tests.support.build_learning import panel, provenance

TERMS = Terms()
SHORT = Training(total_timesteps=3 * 1024, envs=64, n_steps=16, batch_size=256, hidden=(8, 8))
BOTH = pytest.mark.parametrize(
    "training", [SHORT, replace(SHORT, algorithm="a2c")], ids=["ppo", "a2c"]
)
NOISE = World.of(panel(400, 3, seed=1))


def same(one: object, other: object) -> bool:
    return all(
        np.array_equal(a, b)
        for left, right in zip(one, other, strict=True)  # type: ignore[call-overload]
        for a, b in zip(left, right, strict=True)
    )


@pytest.mark.parametrize("algorithm", TRAININGS)
def test_it_learns_a_world_that_can_be_learned(algorithm: Algorithm) -> None:
    split = walk_forward(World.of(panel(2400, 3, trend=0.4, seed=11)))
    layers = train(split.train, TERMS, TRAININGS[algorithm], 1, Hooks())
    assert layers is not None
    policy = LearnedPolicy("learned", layers, provenance())
    learned, equal, cash = backtest(split.test, [policy, EQUAL_WEIGHT, CASH], TERMS)
    assert sharpe(learned.growth) > sharpe(equal.growth) + 0.08
    assert sharpe(learned.growth) > sharpe(cash.growth) + 0.08
    assert learned.equity[-1] > 1.1 * cash.equity[-1]


@BOTH
def test_the_seed_decides_everything(training: Training) -> None:
    one = train(NOISE, TERMS, training, 5, Hooks())
    assert same(one, train(NOISE, TERMS, training, 5, Hooks()))
    assert not same(one, train(NOISE, TERMS, training, 6, Hooks()))


@BOTH
@pytest.mark.parametrize("step", [1, 20, 40])
def test_a_stopped_run_resumes_as_if_it_had_never_stopped(training: Training, step: int) -> None:
    """Stopped in the first, second and third rollout, once amid a rollout's steps."""
    asked, kept = 0, []

    def stop() -> bool:
        nonlocal asked
        asked += 1
        return asked >= step

    assert train(NOISE, TERMS, training, 5, Hooks(stop=stop, save=kept.append)) is None
    resumed = train(NOISE, TERMS, training, 5, Hooks(saved=kept[-1]))
    assert same(resumed, train(NOISE, TERMS, training, 5, Hooks()))


def test_a_run_resumes_on_a_world_that_has_grown() -> None:
    kept: list[bytes] = []
    train(NOISE.part(0, 300), TERMS, SHORT, 5, Hooks(stop=lambda: True, save=kept.append))
    assert train(NOISE, TERMS, SHORT, 5, Hooks(saved=kept[-1])) is not None


def test_a_checkpoint_that_has_seen_later_bars_is_left_alone() -> None:
    """The world ends earlier by now: what comes after is held out, and must not have been seen."""
    kept: list[bytes] = []
    second_rollout = iter([*20 * [False], True])
    train(NOISE, TERMS, SHORT, 5, Hooks(stop=lambda: next(second_rollout), save=kept.append))
    earlier = NOISE.part(0, 300)
    fresh = train(earlier, TERMS, SHORT, 5, Hooks())
    assert same(fresh, train(earlier, TERMS, SHORT, 5, Hooks(saved=kept[-1])))


def test_a_checkpoint_that_does_not_fit_is_left_alone() -> None:
    kept: list[bytes] = []
    train(NOISE, TERMS, SHORT, 6, Hooks(stop=lambda: True, save=kept.append))
    fresh = train(NOISE, TERMS, SHORT, 5, Hooks())
    for saved in (kept[-1], kept[-1][:100], b"", b"no checkpoint at all"):
        assert same(fresh, train(NOISE, TERMS, SHORT, 5, Hooks(saved=saved)))


@BOTH
def test_progress_speaks_sb3s_names_and_checkpoints_come_by_the_way(training: Training) -> None:
    told: list[tuple[int, Metrics]] = []
    kept: list[bytes] = []
    hooks = Hooks(
        progress=lambda step, metrics: told.append((step, metrics)),
        save=kept.append,
        save_seconds=0.0,
    )
    whole = train(NOISE, TERMS, training, 5, hooks)
    assert [step for step, _ in told] == [1024, 2048, 3072]
    loss = {"ppo": {"train/loss", "train/approx_kl"}, "a2c": {"train/policy_loss"}}
    names = {"rollout/ep_rew_mean", "train/value_loss", *loss[training.algorithm]}
    assert names <= told[-1][1].keys()
    assert len(kept) == 3
    assert same(train(NOISE, TERMS, training, 5, Hooks(saved=kept[1])), whole)


@pytest.mark.parametrize("algorithm", TRAININGS)
@pytest.mark.parametrize("after", [0.0, 0.1, 0.37])
def test_a_stop_at_any_moment_takes_less_than_two_seconds(
    algorithm: Algorithm, after: float
) -> None:
    """At the night's settings, twenty instruments, in time of this process alone."""
    training, began = TRAININGS[algorithm], 0.0

    def progress(step: int, metrics: Metrics) -> None:
        nonlocal began
        began = began or time.process_time()

    def stop() -> bool:
        return bool(began) and time.process_time() > began + after

    wide = World.of(panel(400, 20, seed=1))
    assert train(wide, TERMS, training, 5, Hooks(stop=stop, progress=progress)) is None
    assert time.process_time() - (began + after) < 2.0


def test_memory_does_not_grow_with_the_number_of_rollouts() -> None:
    here, held = psutil.Process(), []
    hooks = Hooks(
        progress=lambda *_: held.append(here.memory_info().rss),
        save=lambda _: None,
        save_seconds=0.0,
    )
    train(NOISE, TERMS, replace(SHORT, total_timesteps=30 * 1024), 5, hooks)
    assert len(held) == 30
    assert held[-1] - held[9] < 4e6


def test_a_device_that_is_not_there_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(DeviceMissing, match="no CUDA device here"):
        train(NOISE, TERMS, replace(SHORT, device="cuda"), 5, Hooks())
    assert device_of("auto") == device_of("cpu") == torch.device("cpu")


@pytest.mark.parametrize("algorithm", TRAININGS)
@pytest.mark.parametrize(("count", "hidden"), [(3, (8,)), (3, (16, 8)), (20, (64, 64)), (1, ())])
def test_the_exported_arrays_act_as_torch_does(
    algorithm: Algorithm, count: int, hidden: tuple[int, ...]
) -> None:
    env = TradingVecEnv(World.of(panel(200, count, seed=1)), TERMS, 32)
    training = replace(TRAININGS[algorithm], hidden=hidden, batch_size=256)
    learner = learner_on(env, training, 3)
    learner.set_logger(Logger(folder=None, output_formats=[]))
    learner.learn(32 * training.n_steps)
    seen = env.reset()
    with torch.no_grad():
        mean = learner.policy.get_distribution(torch.from_numpy(seen)).distribution.mean.numpy()
    policy = LearnedPolicy("learned", export(learner), provenance(count))
    np.testing.assert_allclose(policy.logits(seen), mean, atol=1e-6)
    predicted, _ = learner.predict(seen, deterministic=True)
    np.testing.assert_allclose(policy.act(seen), weights_of_logits(predicted), atol=1e-6)
