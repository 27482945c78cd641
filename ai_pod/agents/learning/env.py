"""The environment: many books over one world, stepped as arrays; SB3 sees a `VecEnv`.

Observation, sizing, fills and fees are those of the backtest and of live trading.
"""

from typing import TypeAlias

import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray
from stable_baselines3.common.vec_env import VecEnv

from ai_pod.agents.learning.kernel import Books, Rates, Rows, advance
from ai_pod.agents.learning.stretches import Stretches, episodes, whole
from ai_pod.contracts.seats import RiskProfile
from ai_pod.policies.backtest import Terms, World
from ai_pod.policies.features import FEATURES, Array, Observations, observe
from ai_pod.policies.learned import BOUND
from ai_pod.policies.policy import GROSS

REWARD_SCALE = 100.0
"""Rewards are log growth in percent: of a size that the value function learns."""

RISK_AVERSION: dict[RiskProfile, float] = {
    RiskProfile.CAUTIOUS: 8.0,
    RiskProfile.BALANCED: 2.0,
    RiskProfile.BOLD: 0.0,
}
"""The reward is growth - aversion / 2 x growth²: mean-variance utility, bar by bar."""

_RUIN = -1.0
"""Log growth of one bar after which a book is given up."""

Info: TypeAlias = dict[str, object]
State: TypeAlias = dict[str, NDArray[np.generic]]


class TradingVecEnv(VecEnv):  # type: ignore[misc]
    # SB3 ships no types to a strict checker here
    """`count` books, each in an episode of `episode_bars` that starts at a random bar, in cash.

    An episode ends by its length (truncated), or when a bar takes most of the book's equity. It
    stays within one of the `stretches` of rows (by default the whole world).
    """

    def __init__(
        self,
        world: World,
        terms: Terms,
        count: int,
        episode_bars: int = 128,
        stretches: Stretches | None = None,
    ) -> None:
        if terms.costs.price_decimals is not None or terms.costs.fee_decimals is not None:
            raise ValueError("learning fills exactly; give costs without rounding")
        if terms.costs.later_fields:
            unknown = ", ".join(terms.costs.later_fields)
            raise ValueError(f"the compiled step of learning knows no {unknown}; leave them at 0")
        k = len(world.instruments)
        seen = spaces.Box(-np.inf, np.inf, (k * len(FEATURES),), np.float32)
        super().__init__(count, seen, spaces.Box(-BOUND, BOUND, (k,), np.float32))
        self.world, self.terms = world, terms
        self.stretches = whole(world.bars) if stretches is None else stretches
        self._starts, self._lengths = episodes(self.stretches, world.bars, episode_bars)
        self._rows = _rows(world)
        self._rates = _rates(terms)
        self._aversion = RISK_AVERSION[terms.profile]
        self._books = Books(
            np.zeros(count, np.int64), np.full(count, terms.starting_cash), np.zeros((count, k))
        )
        self._left = np.zeros(count, np.int64)
        self._length = np.zeros(count, np.int64)
        self._returns = np.zeros(count)
        self._seen = np.zeros((count, k * len(FEATURES)), np.float32)
        self._growth = np.zeros(count)
        self._blank: list[Info] = [{} for _ in range(count)]
        self._actions = np.zeros((count, k), np.float32)
        self.reseed(0)

    def reseed(self, *seeds: int) -> None:
        """Draw later episodes' starts from these seeds."""
        self._random = np.random.default_rng(seeds)

    def reset(self) -> Observations:
        every = np.arange(self.num_envs)
        self._begin(every)
        # Episodes end at different steps, so no rollout sees all of them end at once.
        self._left[:] = self._random.integers(1, self._length + 1)
        self._length[:] = self._left
        self.reset_infos = self._blank.copy()
        return self._seen.copy()

    def step_async(self, actions: Observations) -> None:
        self._actions = np.ascontiguousarray(actions, np.float32)

    def step_wait(self) -> tuple[Observations, Observations, NDArray[np.bool_], list[Info]]:
        advance(self._rows, self._books, self._rates, self._actions, self._seen, self._growth)
        rewards = self._reward()
        self._returns += rewards
        self._left -= 1
        ruined = self._growth < _RUIN
        done = (self._left <= 0) | ruined
        infos = self._blank
        if done.any():
            infos = self._blank.copy()
            finished = np.flatnonzero(done)
            for i in finished.tolist():
                infos[i] = self._farewell(i, bool(ruined[i]))
            self._begin(finished)
        return self._seen.copy(), rewards.astype(np.float32), done, infos

    def state(self) -> State:
        """Where all books are; `restore` goes on from it."""
        return {name: array.copy() for name, array in self._arrays().items()}

    def restore(self, state: State) -> None:
        for name, array in self._arrays().items():
            array[...] = state[name]

    def _arrays(self) -> State:
        counts = {"left": self._left, "length": self._length, "returns": self._returns}
        return {**self._books._asdict(), **counts, "seen": self._seen}

    def _reward(self) -> Array:
        penalty = 0.5 * self._aversion * self._growth * self._growth
        return REWARD_SCALE * (self._growth - penalty)

    def _farewell(self, i: int, ruined: bool) -> Info:
        length = int(self._length[i] - self._left[i])
        episode = {"r": float(self._returns[i]), "l": length, "t": 0.0}
        return {
            "episode": episode,
            "terminal_observation": self._seen[i].copy(),
            "TimeLimit.truncated": not ruined,
        }

    def _begin(self, which: NDArray[np.int64]) -> None:
        """Start new episodes in the places `which`, in cash."""
        drawn = self._random.integers(0, len(self._starts), len(which))
        at = self._starts[drawn]
        self._books.at[which] = at
        self._books.cash[which] = self.terms.starting_cash
        self._books.positions[which] = 0.0
        self._left[which] = self._length[which] = self._lengths[drawn]
        self._returns[which] = 0.0
        nothing = np.zeros((len(which), len(self.world.instruments)))
        self._seen[which] = observe(self._rows.features[at], nothing)

    def close(self) -> None: ...

    def get_attr(self, attr_name: str, indices: object = None) -> list[object]:
        return [getattr(self, attr_name, None)] * len(list(self._get_indices(indices)))

    def set_attr(self, attr_name: str, value: object, indices: object = None) -> None:
        raise NotImplementedError("one environment holds all books; set it on the whole")

    def env_method(
        self, method_name: str, *args: object, indices: object = None, **kwargs: object
    ) -> list[object]:
        raise NotImplementedError("one environment holds all books; call it on the whole")

    def env_is_wrapped(self, wrapper_class: type, indices: object = None) -> list[bool]:
        del wrapper_class
        return [False] * len(list(self._get_indices(indices)))


def _rows(world: World) -> Rows:
    return Rows(
        np.ascontiguousarray(world.features),
        np.ascontiguousarray(world.open),
        np.ascontiguousarray(world.high),
        np.ascontiguousarray(world.low),
        np.ascontiguousarray(world.close),
    )


def _rates(terms: Terms) -> Rates:
    costs = terms.costs
    return Rates(
        against=costs.against,
        commission=costs.commission_bps * 1e-4,
        minimum_commission=costs.minimum_commission,
        gross=GROSS[terms.profile],
        band=terms.band,
        lots=terms.lots,
    )
