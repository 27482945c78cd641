"""The environment: the simulator's very fills, `observe`'s very numbers, and a proper `VecEnv`."""

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ai_pod.agents.learning.env import TradingVecEnv
from ai_pod.agents.learning.episodes import REWARD_SCALE, RISK_AVERSION
from ai_pod.agents.learning.kernel import _exp
from ai_pod.contracts.seats import RiskProfile
from ai_pod.policies.backtest import Terms, World, shares
from ai_pod.policies.features import WINDOW
from ai_pod.policies.learned import BOUND, weights_of_logits
from ai_pod.policies.policy import apply_profile
from market.simulator.costs import CostModel
from market.simulator.step import Book, step
from tests.support.build_learning import panel, seen_by

PANEL = panel(400, 3, seed=2)
WORLD = World.of(PANEL)
COUNT = 7


def actions(seed: int, steps: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(0, 3, (steps, COUNT, 3)).astype(np.float32)


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 1000),
    profile=st.sampled_from(RiskProfile),
    costs=st.builds(
        CostModel,
        commission_bps=st.floats(0, 30),
        minimum_commission=st.floats(0, 5),
        half_spread_bps=st.floats(0, 20),
        slippage_bps=st.floats(0, 20),
        price_decimals=st.sampled_from([None, 2, 4]),
        fee_decimals=st.sampled_from([None, 2]),
    ),
    band=st.floats(0, 0.1),
    lots=st.sampled_from([1.0, 10.0, 0.001]),
)
def test_the_compiled_step_is_the_simulators_step(
    seed: int, profile: RiskProfile, costs: CostModel, band: float, lots: float
) -> None:
    terms = Terms(profile=profile, costs=costs, band=band, lots=lots)
    env = TradingVecEnv(WORLD, terms, COUNT, episode_bars=60)
    env.reseed(seed)
    env.reset()
    env.episodes.left[:] = 60
    for wanted in actions(seed, 8):
        before = env.episodes.state()
        seen, rewards, _, _ = env.step(wanted)
        at = before["at"]
        book, outcome = step(
            Book(before["cash"], before["positions"]),
            apply_profile(weights_of_logits(wanted.astype(np.float64)), profile),
            WORLD.close[at],
            WORLD.open[at + 1],
            WORLD.high[at + 1],
            WORLD.low[at + 1],
            WORLD.close[at + 1],
            costs,
            lots,
            band,
        )
        after = env.episodes.state()
        np.testing.assert_allclose(after["positions"], book.positions, rtol=0, atol=1e-12)
        np.testing.assert_allclose(after["cash"], book.cash, rtol=1e-12, atol=1e-6)
        worth = before["cash"] + (before["positions"] * WORLD.close[at]).sum(axis=1)
        growth = np.log(outcome.equity / worth)
        utility = growth - 0.5 * RISK_AVERSION[profile] * growth**2
        np.testing.assert_allclose(rewards, REWARD_SCALE * utility, rtol=1e-5, atol=1e-6)
        for i in range(COUNT):
            closes = PANEL.close[: at[i] + 1 + WINDOW]
            held = shares(book, outcome.equity, WORLD.close[at[i] + 1])[i : i + 1]
            np.testing.assert_allclose(seen[i], seen_by(closes, held)[0], rtol=1e-6, atol=1e-7)


def test_an_instrument_without_an_open_does_not_trade() -> None:
    """Nor has it a high and a low: its bar is missing."""
    missing = {name: getattr(WORLD, name).copy() for name in ("open", "high", "low")}
    for prices in missing.values():
        prices[:, 1] = np.nan
    terms = Terms(costs=CostModel(minimum_commission=1.0).to_the_cent())
    env = TradingVecEnv(replace(WORLD, **missing), terms, COUNT, episode_bars=60)
    env.reset()
    _, rewards, _, _ = env.step(actions(0, 1)[0])
    state = env.episodes.state()
    assert np.isfinite(rewards).all()
    assert np.isfinite(state["cash"]).all()
    assert (state["positions"][:, 1] == 0).all()
    assert (state["positions"][:, [0, 2]] != 0).any()


def test_an_episode_ends_by_its_length_and_the_next_begins_in_cash() -> None:
    env = TradingVecEnv(WORLD, Terms(), COUNT, episode_bars=20)
    env.reset()
    ended = 0
    for wanted in actions(1, 40):
        before = env.episodes.state()
        seen, _, done, infos = env.step(wanted)
        np.testing.assert_array_equal(done, before["left"] == 1)
        for i in np.flatnonzero(done):
            ended += 1
            assert infos[i]["TimeLimit.truncated"]
            assert infos[i]["terminal_observation"].shape == seen[i].shape
            assert infos[i]["episode"]["l"] == before["length"][i]
            assert env.episodes.state()["cash"][i] == Terms().starting_cash
            assert (env.episodes.state()["positions"][i] == 0).all()
        assert all(not infos[i] for i in np.flatnonzero(~done))
    assert ended >= 2 * COUNT - 1


def test_a_ruined_book_is_given_up() -> None:
    crash = replace(
        WORLD, **{n: getattr(WORLD, n).copy() for n in ("open", "high", "low", "close")}
    )
    for name in ("open", "high", "low", "close"):
        getattr(crash, name)[100:] *= 0.01
    env = TradingVecEnv(crash, Terms(), 1, episode_bars=60)
    env.reset()
    env.episodes.restore(env.episodes.state() | {"at": np.array([98]), "left": np.array([50])})
    full = np.full((1, 3), 4.0, np.float32)
    assert not env.step(full)[2][0]
    _, rewards, done, infos = env.step(full)
    assert done[0]
    assert rewards[0] < -REWARD_SCALE
    assert not infos[0]["TimeLimit.truncated"]


def test_it_goes_on_from_a_state_as_if_nothing_had_been() -> None:
    env = TradingVecEnv(WORLD, Terms(), COUNT, episode_bars=60)
    env.reset()
    first, second = actions(4, 2)
    env.step(first)
    kept = env.episodes.state()
    env.reseed(9)
    one = env.step(second)
    env.step(first)
    env.episodes.restore(kept)
    env.reseed(9)
    other = env.step(second)
    np.testing.assert_array_equal(one[0], other[0])
    np.testing.assert_array_equal(one[1], other[1])


def test_what_it_cannot_do_it_refuses() -> None:
    with pytest.raises(ValueError, match="no two rows"):
        TradingVecEnv(WORLD.part(0, 1), Terms(), 1)


def test_a_cost_that_the_kernel_does_not_know_is_refused() -> None:
    known = {"commission_bps", "minimum_commission", "half_spread_bps", "slippage_bps"}
    known |= {"price_decimals", "fee_decimals"}
    for name in {field.name for field in fields(CostModel)} - known:
        with pytest.raises(ValueError, match="learning"):
            TradingVecEnv(WORLD, Terms(costs=replace(CostModel(), **{name: 1})), 1)


def test_the_kernels_exponential_is_numpys() -> None:
    logits = np.linspace(-BOUND, BOUND, 10_001)
    found = np.array([_exp(logit) for logit in logits])
    np.testing.assert_allclose(found, np.exp(logits), rtol=1e-14)
