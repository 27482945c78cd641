"""Stretches: what lies between them is never seen, never traded on, never paid for."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_pod.agents.learning.env import TradingVecEnv
from ai_pod.agents.learning.stretches import Stretches, starts, whole
from ai_pod.agents.learning.train import train
from ai_pod.agents.learning.training import Hooks, Training
from ai_pod.policies.backtest import Terms, World
from tests.support.build_learning import panel

TERMS = Terms()
WORLD = World.of(panel(500, 3, seed=4))
FOLD: Stretches = ((0, 110), (180, 230), (290, 440))
LITTLE = Training(total_timesteps=2 * 1024, envs=64, n_steps=16, batch_size=256, hidden=(8, 8))


def perturbed(world: World, kept: Stretches, seed: int) -> World:
    """The same world, with nonsense in every row that is not kept."""
    random = np.random.default_rng(seed)
    held_out = np.ones(world.bars, bool)
    for first, last in kept:
        held_out[first:last] = False
    changed = {}
    for name in ("features", "open", "high", "low", "close"):
        rows = getattr(world, name).copy()
        rows[held_out] *= random.uniform(0.1, 10.0, rows[held_out].shape)
        changed[name] = rows
    return replace(world, **changed)


@given(
    cuts=st.lists(st.integers(0, 300), min_size=2, max_size=10, unique=True).map(sorted),
    episode_bars=st.integers(1, 120),
)
def test_every_episode_lies_within_one_stretch(cuts: list[int], episode_bars: int) -> None:
    stretches = tuple(zip(cuts[::2], cuts[1::2], strict=False))
    if all(last - first < 2 for first, last in stretches):
        with pytest.raises(ValueError, match="no two rows"):
            starts(stretches, 301, episode_bars)
        return
    rows, lengths = starts(stretches, 301, episode_bars)
    for start, length in zip(rows, lengths, strict=True):
        held = [(first, last) for first, last in stretches if first <= start < last]
        assert len(held) == 1
        first, last = held[0]
        assert start + length < last
        assert length == min(episode_bars, last - first - 1)
    reached = {last - 1 for first, last in stretches if last - first > 1}
    assert reached <= set((rows + lengths).tolist())


def test_books_stay_within_their_stretch() -> None:
    env = TradingVecEnv(WORLD, TERMS, 32, 64, FOLD)
    random = np.random.default_rng(1)
    env.reset()
    inside = np.zeros(WORLD.bars, bool)
    for first, last in FOLD:
        inside[first:last] = True
    lengths = set()
    for _ in range(300):
        *_, infos = env.step(random.normal(0, 2, (32, 3)).astype(np.float32))
        assert inside[env.episodes.state()["at"]].all()
        lengths |= {info["episode"]["l"] for info in infos if info}
    assert max(lengths) == 64
    assert 49 in lengths, "a stretch of fifty rows holds episodes of 49 bars"


def test_what_is_held_out_changes_nothing_that_is_learned() -> None:
    layers = train(WORLD, TERMS, LITTLE, 3, Hooks(), FOLD)
    other = train(perturbed(WORLD, FOLD, 1), TERMS, LITTLE, 3, Hooks(), FOLD)
    seen = train(perturbed(WORLD, ((0, 300),), 1), TERMS, LITTLE, 3, Hooks(), FOLD)
    assert layers is not None
    assert other is not None
    assert seen is not None
    assert all(
        np.array_equal(a, b)
        for x, y in zip(layers, other, strict=True)
        for a, b in zip(x, y, strict=True)
    )
    assert not np.array_equal(layers[0][0], seen[0][0])


def test_a_checkpoint_of_rows_that_are_held_out_now_is_left_alone() -> None:
    kept: list[bytes] = []
    late = iter([*20 * [False], True])
    train(WORLD, TERMS, LITTLE, 3, Hooks(stop=lambda: next(late), save=kept.append))
    fresh = train(WORLD, TERMS, LITTLE, 3, Hooks(), FOLD)
    resumed = train(WORLD, TERMS, LITTLE, 3, Hooks(saved=kept[-1]), FOLD)
    assert fresh is not None
    assert resumed is not None
    np.testing.assert_array_equal(fresh[0][0], resumed[0][0])


def test_stretches_that_are_none_are_refused() -> None:
    assert whole(7) == ((0, 7),)
    for wrong in ((), ((3, 4),), ((0, 5), (4, 9)), ((-1, 5),), ((0, 12),), ((5, 5),)):
        with pytest.raises(ValueError, match=r"stretch|no two rows"):
            starts(wrong, 11, 4)
