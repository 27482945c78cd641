"""Train one candidate with SB3 on the array environment; any rollout may be its last for today.

Every rollout draws from generators seeded by (seed, step), so a resumed run is the run that was
never stopped.
"""

import io
import pickle
import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import structlog
import torch
from stable_baselines3.common.callbacks import BaseCallback
from stable_baselines3.common.logger import KVWriter, Logger
from stable_baselines3.common.utils import set_random_seed

from ai_pod.agents.learning.env import TradingVecEnv
from ai_pod.agents.learning.episodes import Episodes
from ai_pod.agents.learning.learners import Learner, export, learner_on
from ai_pod.agents.learning.stretches import Stretches
from ai_pod.agents.learning.training import Hooks, Metrics, Training
from ai_pod.policies.backtest import Terms, World
from ai_pod.policies.features import MARKET_FEATURES, VERSION
from ai_pod.policies.learned import Layer

logger = structlog.get_logger()


def train(
    world: World,
    terms: Terms,
    training: Training,
    seed: int,
    hooks: Hooks,
    stretches: Stretches | None = None,
) -> tuple[Layer, ...] | None:
    """A candidate's layers, trained on `stretches` of rows of `world` (all by default) and nothing
    else; None when it was stopped before its end.
    """
    torch.set_num_threads(1)
    env = TradingVecEnv(world, terms, training.envs, training.episode_bars, stretches)
    learner = learner_on(env, training, seed)
    learner.set_logger(Logger(folder=None, output_formats=[_Progress(hooks.progress)]))
    session = _Session(learner, env, (seed, training), hooks)
    if hooks.saved is not None:
        session.restore(hooks.saved)
    learner.learn(
        training.total_timesteps - learner.num_timesteps,
        callback=session,
        log_interval=1,
        reset_num_timesteps=False,
    )
    if session.stopped:
        hooks.save(session.boundary)
        return None
    return export(learner)


def warm_up() -> None:
    """Train for a moment on nothing: the kernel is compiled, and torch imports what it puts off
    until then, ahead of the night.
    """
    prices, ends = np.ones((8, 1)), np.arange(8, dtype=np.int64)
    seen = np.zeros((8, 1, len(MARKET_FEATURES)), np.float32)
    world = World(ends, seen, prices, prices, prices, prices, ("nothing",))
    moment = Training(
        total_timesteps=4, envs=2, n_steps=2, batch_size=4, n_epochs=1, episode_bars=4
    )
    train(world, Terms(), moment, 0, Hooks())


class _Session(BaseCallback):  # type: ignore[misc]
    # SB3 ships no types to a strict checker here
    """Seeds every rollout, keeps the state it began with, and stops within a step."""

    def __init__(
        self, learner: Learner, env: TradingVecEnv, run: tuple[int, Training], hooks: Hooks
    ) -> None:
        super().__init__()
        self._learner, self._env, self._hooks = learner, env, hooks
        seed, training = run
        self._seed = seed
        # A run may go on on another device.
        self._identity = repr((seed, replace(training, device="cpu"), VERSION))
        self._saved_at = time.monotonic()
        self.stopped = False
        self.boundary = b""

    def _on_rollout_start(self) -> None:
        step = self._learner.num_timesteps
        on_cuda = self._learner.device.type == "cuda"
        set_random_seed((self._seed * 1_000_003 + step) % 2**31, on_cuda)
        self._env.reseed(self._seed, step)
        self.boundary = self._checkpoint()
        if time.monotonic() - self._saved_at > self._hooks.save_seconds:
            self._saved_at = time.monotonic()
            self._hooks.save(self.boundary)

    def _on_step(self) -> bool:
        self.stopped = self.stopped or self._hooks.stop()
        return not self.stopped

    def restore(self, saved: bytes) -> None:
        """Go on from a checkpoint of the same run; books are begun anew when the world is another
        one by now, and everything is when the checkpoint is damaged, of another run, or has learned
        from bars that it may not see now.
        """
        try:
            state = torch.load(io.BytesIO(saved), map_location="cpu", weights_only=True)
            foresees = _foresees(state["learned_from"], self._env.episodes)
            fits = state["run"] == self._identity and not foresees
        except (RuntimeError, pickle.UnpicklingError, EOFError, KeyError, TypeError) as error:
            logger.warning("checkpoint_refused", reason=repr(error))
            return
        if not fits:
            logger.warning("checkpoint_refused", reason=f"of {state['run']}, {foresees=}")
            return
        learner = self._learner
        learner.policy.load_state_dict(state["policy"])
        learner.policy.optimizer.load_state_dict(state["optimizer"])
        learner.num_timesteps, learner._n_updates = state["timesteps"], state["updates"]
        if state["world"] == _world(self._env):
            self._env.episodes.restore(
                {name: value.numpy() for name, value in state["books"].items()}
            )
            learner._last_obs = state["books"]["seen"].numpy().copy()
            learner._last_episode_starts = state["starts"].numpy()

    def _checkpoint(self) -> bytes:
        """All that the run's future depends on; nothing in it is code, so loading it is safe."""
        learner = self._learner
        books = {
            name: torch.from_numpy(value) for name, value in self._env.episodes.state().items()
        }
        state = {
            "run": self._identity,
            "policy": learner.policy.state_dict(),
            "optimizer": learner.policy.optimizer.state_dict(),
            "timesteps": learner.num_timesteps,
            "updates": learner._n_updates,
            "world": _world(self._env),
            "learned_from": _spans(self._env.episodes),
            "books": books,
            "starts": torch.from_numpy(np.asarray(learner._last_episode_starts)),
        }
        buffer = io.BytesIO()
        torch.save(state, buffer)
        return buffer.getvalue()


def _world(env: TradingVecEnv) -> list[int]:
    """Tells a world from the same one a day later."""
    world = env.episodes.world
    return [world.bars, int(world.ends[0]), int(world.ends[-1]), env.num_envs]


def _spans(episodes: Episodes) -> list[list[int]]:
    """The stretches as bar ends, first and last: the same bars in a world that has grown."""
    ends = episodes.world.ends
    return [[int(ends[first]), int(ends[last - 1])] for first, last in episodes.stretches]


def _foresees(learned_from: list[list[int]], episodes: Episodes) -> bool:
    """Whether bars were learned from that are held out now; those before the world are past."""
    spans, begin = _spans(episodes), int(episodes.world.ends[0])
    return any(
        last >= begin and not any(a <= max(first, begin) and last <= b for a, b in spans)
        for first, last in learned_from
    )


class _Progress(KVWriter):  # type: ignore[misc]
    # SB3 ships no types to a strict checker here
    """Hands SB3's logged values on, by SB3's names."""

    def __init__(self, progress: Callable[[int, Metrics], None]) -> None:
        self._progress = progress

    def write(
        self, key_values: dict[str, object], key_excluded: dict[str, object], step: int = 0
    ) -> None:
        del key_excluded
        numbers = {
            name: float(value)
            for name, value in key_values.items()
            if isinstance(value, int | float | np.number)
        }
        self._progress(step, numbers)

    def close(self) -> None: ...
