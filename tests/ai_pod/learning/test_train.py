"""Training: the learner can learn, is deterministic, stops quickly and resumes exactly."""

import time

import numpy as np
import pytest
import torch

from ai_pod.agents.learning.env import TradingVecEnv
from ai_pod.agents.learning.evaluate import walk_forward
from ai_pod.agents.learning.statistics import sharpe
from ai_pod.agents.learning.train import export, learner_on, train
from ai_pod.agents.learning.training import Hooks, Metrics, Training
from ai_pod.policies.backtest import Terms, World, backtest
from ai_pod.policies.learned import LearnedPolicy, weights_of_logits
from ai_pod.policies.rules import CASH, EQUAL_WEIGHT
from tests.support.build_learning import panel, provenance

TERMS = Terms()
SHORT = Training(total_timesteps=3 * 1024, envs=64, n_steps=16, batch_size=256, hidden=(8, 8))
NOISE = World.of(panel(400, 3, seed=1))


def same(one: object, other: object) -> bool:
    return all(
        np.array_equal(a, b)
        for left, right in zip(one, other, strict=True)  # type: ignore[call-overload]
        for a, b in zip(left, right, strict=True)
    )


def test_it_learns_a_world_that_can_be_learned() -> None:
    split = walk_forward(World.of(panel(2400, 3, trend=0.4, seed=7)))
    layers = train(split.train, TERMS, Training(), 1, Hooks())
    assert layers is not None
    policy = LearnedPolicy("learned", layers, provenance())
    learned, equal, cash = backtest(split.test, [policy, EQUAL_WEIGHT, CASH], TERMS)
    assert sharpe(learned.growth) > sharpe(equal.growth) + 0.08
    assert sharpe(learned.growth) > sharpe(cash.growth) + 0.08
    assert learned.equity[-1] > 1.1 * cash.equity[-1]


def test_the_seed_decides_everything() -> None:
    one = train(NOISE, TERMS, SHORT, 5, Hooks())
    assert same(one, train(NOISE, TERMS, SHORT, 5, Hooks()))
    assert not same(one, train(NOISE, TERMS, SHORT, 6, Hooks()))


@pytest.mark.parametrize("step", [1, 20, 40])
def test_a_stopped_run_resumes_as_if_it_had_never_stopped(step: int) -> None:
    """Stopped in the first, second and third rollout, once amid a rollout's steps."""
    asked, kept = 0, []

    def stop() -> bool:
        nonlocal asked
        asked += 1
        return asked >= step

    assert train(NOISE, TERMS, SHORT, 5, Hooks(stop=stop, save=kept.append)) is None
    resumed = train(NOISE, TERMS, SHORT, 5, Hooks(saved=kept[-1]))
    assert same(resumed, train(NOISE, TERMS, SHORT, 5, Hooks()))


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


def test_progress_speaks_sb3s_names_and_checkpoints_come_by_the_way() -> None:
    told: list[tuple[int, Metrics]] = []
    kept: list[bytes] = []
    hooks = Hooks(
        progress=lambda step, metrics: told.append((step, metrics)),
        save=kept.append,
        save_seconds=0.0,
    )
    train(NOISE, TERMS, SHORT, 5, hooks)
    assert [step for step, _ in told] == [1024, 2048, 3072]
    assert {"rollout/ep_rew_mean", "train/loss", "train/approx_kl"} <= told[-1][1].keys()
    assert len(kept) == 3
    assert same(
        train(NOISE, TERMS, SHORT, 5, Hooks(saved=kept[1])), train(NOISE, TERMS, SHORT, 5, Hooks())
    )


def test_a_stop_takes_less_than_a_second() -> None:
    stopped_at = 0.0

    def stop() -> bool:
        nonlocal stopped_at
        if time.monotonic() - began > 0.5 and not stopped_at:
            stopped_at = time.monotonic()
        return bool(stopped_at)

    began = time.monotonic()
    assert train(NOISE, TERMS, Training(), 5, Hooks(stop=stop)) is None
    assert time.monotonic() - stopped_at < 1.0


@pytest.mark.parametrize("hidden", [(8,), (16, 8)])
def test_the_exported_arrays_act_as_torch_does(hidden: tuple[int, ...]) -> None:
    env = TradingVecEnv(NOISE, TERMS, 32)
    learner = learner_on(env, Training(hidden=hidden, batch_size=1024), 3)
    seen = env.reset()
    with torch.no_grad():
        mean = learner.policy.get_distribution(torch.from_numpy(seen)).distribution.mean.numpy()
    policy = LearnedPolicy("learned", export(learner), provenance())
    np.testing.assert_allclose(policy.logits(seen), mean, atol=1e-6)
    predicted, _ = learner.predict(seen, deterministic=True)
    np.testing.assert_allclose(policy.act(seen), weights_of_logits(predicted), atol=1e-6)
