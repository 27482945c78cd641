"""The environment's two faces: SB3's `VecEnv` of many books, Gymnasium's `Env` of one.

Observation, sizing, fills and fees are those of the backtest and of live trading.
"""

from collections.abc import Mapping
from typing import TypeAlias

import gymnasium
import numpy as np
from gymnasium import spaces
from stable_baselines3.common.vec_env import VecEnv

from ai_pod.agents.learning.episodes import Episodes, Flags
from ai_pod.agents.learning.stretches import Stretches
from ai_pod.policies.backtest import Terms, World
from ai_pod.policies.features import FEATURES, Observations
from ai_pod.policies.learned import BOUND

EPISODE_BARS = 128

Info: TypeAlias = dict[str, object]


class TradingVecEnv(VecEnv):  # type: ignore[misc]
    # SB3 ships no types to a strict checker here
    """`count` books, each in an episode that starts at a random bar, in cash, and stays within one
    of the `stretches` of rows (by default the whole world).

    An episode ends by its length (truncated), or when a bar takes most of the book's equity.
    """

    def __init__(
        self,
        world: World,
        terms: Terms,
        count: int,
        episode_bars: int = EPISODE_BARS,
        stretches: Stretches | None = None,
    ) -> None:
        super().__init__(count, *_spaces(world))
        self.episodes = Episodes(world, terms, count, episode_bars, stretches)
        self._blank: list[Info] = [{} for _ in range(count)]
        self.reset_infos = self._blank.copy()
        self._actions = np.zeros((count, len(world.instruments)), np.float32)

    def reseed(self, *seeds: int) -> None:
        """Draw later episodes' starts from these seeds."""
        self.episodes.random = np.random.default_rng(seeds)

    def reset(self) -> Observations:
        self.episodes.begin(np.arange(self.num_envs))
        self.episodes.stagger()
        self.reset_infos = self._blank.copy()
        return self.episodes.seen.copy()

    def step_async(self, actions: Observations) -> None:
        self._actions = np.ascontiguousarray(actions, np.float32)

    def step_wait(self) -> tuple[Observations, Observations, Flags, list[Info]]:
        bar = self.episodes.advance(self._actions)
        done = bar.ruined | bar.over
        infos = self._blank
        if done.any():
            infos = self._blank.copy()
            finished = np.flatnonzero(done)
            for i in finished.tolist():
                infos[i] = self._farewell(i, bool(bar.ruined[i]))
            self.episodes.begin(finished)
        return bar.seen, bar.rewards, done, infos

    def _farewell(self, i: int, ruined: bool) -> Info:
        ended = self.episodes
        length = int(ended.length[i] - ended.left[i])
        return {
            "episode": {"r": float(ended.returns[i]), "l": length, "t": 0.0},
            "terminal_observation": ended.seen[i].copy(),
            "TimeLimit.truncated": not ruined,
        }

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


class TradingEnv(gymnasium.Env):  # type: ignore[misc]
    # Gymnasium's generics are unknown to a strict checker here
    """One book, for tools that want Gymnasium's own interface; the batch is the faster one.

    `reset(options={"row": 17})` begins at that row instead of a random one. Whoever is ruined is
    terminated, whose bars are over is truncated. `info` has the row, the cash and the positions.
    """

    metadata: Mapping[str, object] = {"render_modes": []}

    def __init__(
        self,
        world: World,
        terms: Terms,
        episode_bars: int = EPISODE_BARS,
        stretches: Stretches | None = None,
    ) -> None:
        self.observation_space, self.action_space = _spaces(world)
        self._episodes = Episodes(world, terms, 1, episode_bars, stretches)
        self._over = True

    def reset(
        self, *, seed: int | None = None, options: Mapping[str, int] | None = None
    ) -> tuple[Observations, Info]:
        super().reset(seed=seed)
        self._episodes.random = self.np_random
        self._episodes.begin(np.arange(1), (options or {}).get("row"))
        self._over = False
        return self._episodes.seen[0].copy(), self._info()

    def step(self, action: Observations) -> tuple[Observations, float, bool, bool, Info]:
        if self._over:
            raise gymnasium.error.ResetNeeded("the episode has ended; reset begins another")
        bar = self._episodes.advance(np.asarray(action, np.float32)[None])
        ruined, over = bool(bar.ruined[0]), bool(bar.over[0])
        self._over = ruined or over
        return bar.seen[0], float(bar.rewards[0]), ruined, over and not ruined, self._info()

    def _info(self) -> Info:
        state = self._episodes.state()
        return {"row": int(state["at"][0]), "cash": float(state["cash"][0])} | {
            "positions": state["positions"][0]
        }


def _spaces(world: World) -> tuple[spaces.Box, spaces.Box]:
    """Observations (k·f,) and actions (k,), logits against holding cash."""
    k = len(world.instruments)
    return (
        spaces.Box(-np.inf, np.inf, (k * len(FEATURES),), np.float32),
        spaces.Box(-BOUND, BOUND, (k,), np.float32),
    )
