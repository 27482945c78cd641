"""Do large batches and few epochs cost return? Three settings of PPO on the same planted worlds, by
steps and by CPU time, judged out of sample on the same bars; data and picture for the docs.
"""

import csv
import time
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from itertools import product
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from matplotlib.figure import Figure
from stable_baselines3 import PPO
from stable_baselines3.common.callbacks import BaseCallback
from stable_baselines3.common.logger import Logger

from ai_pod.agents.learning.env import TradingVecEnv
from ai_pod.agents.learning.judging.comparisons import interquartile_mean
from ai_pod.agents.learning.learners import Learner, export, learner_on
from ai_pod.agents.learning.training import Training
from ai_pod.policies.backtest import Terms, World, backtest
from ai_pod.policies.features import WINDOW, Array
from ai_pod.policies.learned import Layer, LearnedPolicy, Provenance
from market.series import Panel
from market.words import Interval
from shiftdesk.errors import UsageProblem

ASSETS, TRAINING_BARS, TEST_BARS = 20, 4000, 1500
VOLATILITY, TREND, REACH = 0.004, 0.8, 8
POINTS = 8
DEFAULTS = {"seeds": "4", "steps": "65536", "fast_steps": "196608", "jobs": "1", "out": ""}
FAST, SMALL, PLAIN = "large batches, few epochs", "SB3's batches and epochs", "SB3's defaults"
NAMES = tuple(f"BENCH:{number}" for number in range(ASSETS))


class Point(NamedTuple):
    """How good a learner was after so many steps; `log_return` is out of sample, over all bars."""

    setting: str
    seed: int
    steps: int
    cpu_seconds: float
    log_return: float


def run(options: Mapping[str, str]) -> tuple[dict[str, object], dict[str, float]]:
    """Settings and figures: the interquartile mean over seeds of each setting's last return."""
    unknown = options.keys() - DEFAULTS
    if unknown:
        raise UsageProblem(f"no setting {sorted(unknown)}", f"there are {sorted(DEFAULTS)}")
    chosen = {**DEFAULTS, **options}
    steps = {FAST: int(chosen["fast_steps"]), SMALL: int(chosen["steps"])}
    steps[PLAIN] = steps[SMALL]
    tasks = [
        (name, seed, steps[name]) for seed, name in product(range(int(chosen["seeds"])), steps)
    ]
    with ProcessPoolExecutor(int(chosen["jobs"]), get_context("spawn")) as pool:
        points = [point for curve in pool.map(_curve, tasks) for point in curve]
    if chosen["out"]:
        _write(points, Path(chosen["out"]))
    figures: dict[str, float] = {}
    for name in steps:
        steps_of, cpu, returns = _curves(points, name)
        key = name.replace("'", "").replace(",", "").replace(" ", "_")
        figures[f"{key}_log_return"] = interquartile_mean(returns, axis=0)[-1]
        figures[f"{key}_cpu_s"] = float(cpu.mean(axis=0)[-1])
        at = int(np.searchsorted(steps_of, min(steps.values())))
        figures[f"{key}_log_return_at_equal_steps"] = interquartile_mean(returns, axis=0)[at]
    return dict(chosen), figures


def planted(seed: int) -> tuple[World, World]:
    """Bars to learn from and later ones to be judged on; each move partly goes on."""
    random = np.random.default_rng(seed)
    bars = TRAINING_BARS + TEST_BARS + 3 * WINDOW
    moves = random.normal(0.0, VOLATILITY, (bars, ASSETS))
    for bar in range(1, bars):
        before = moves[max(0, bar - REACH) : bar].sum(axis=0)
        moves[bar] += TREND * VOLATILITY * np.tanh(before / 0.01)
    close = 100.0 * np.exp(moves.cumsum(axis=0))
    opened = np.vstack([close[:1], close[:-1]])
    world = World.of(
        Panel(
            instruments=NAMES,
            end=np.arange(bars, dtype=np.int64) * Interval.QUARTER.seconds * 10**9,
            open=opened,
            high=np.maximum(opened, close) * 1.001,
            low=np.minimum(opened, close) * 0.999,
            close=close,
            volume=np.ones((bars, ASSETS)),
            synthetic=True,
        )
    )
    begin = TRAINING_BARS + WINDOW
    return world.part(0, TRAINING_BARS), world.part(begin, begin + TEST_BARS)


def _learner(setting: str, world: World, seed: int) -> Learner:
    """FAST is what the night uses. PLAIN is SB3 untouched, on one environment as its examples are;
    SMALL differs from it only by FAST's horizon, so that batches and epochs alone are compared.
    """
    ours = Training()
    if setting == FAST:
        env = TradingVecEnv(world, Terms(), ours.envs, ours.episode_bars)
        env.reseed(seed)
        return learner_on(env, ours, seed)
    env = TradingVecEnv(world, Terms(), 1, ours.episode_bars)
    env.reseed(seed)
    horizon = {"gamma": ours.gamma, "gae_lambda": ours.gae_lambda} if setting == SMALL else {}
    return PPO("MlpPolicy", env, seed=seed, device="cpu", **horizon)


def _curve(task: tuple[str, int, int]) -> list[Point]:
    setting, seed, steps = task
    torch.set_num_threads(1)
    # Worlds that no setting was chosen on.
    train, test = planted(1000 + seed)
    learner = _learner(setting, train, seed)
    learner.set_logger(Logger(folder=None, output_formats=[]))
    marks = _Marks(steps // POINTS)
    learner.learn(steps, callback=marks)
    marks.keep()
    made = Provenance(instruments=NAMES, interval=Interval.QUARTER)
    runs = backtest(test, [LearnedPolicy("", kept[2], made) for kept in marks.kept], Terms())
    return [
        Point(setting, seed, at, cpu, float(np.log(run.equity[-1] / run.equity[0])))
        for (at, cpu, _), run in zip(marks.kept, runs, strict=True)
    ]


class _Marks(BaseCallback):  # type: ignore[misc]
    # SB3 ships no types to a strict checker here
    """Keeps the policy about every so many steps: (steps, CPU-seconds, layers)."""

    def __init__(self, every: int) -> None:
        super().__init__()
        self._every, self._next, self._began = every, every, time.process_time()
        self.kept: list[tuple[int, float, tuple[Layer, ...]]] = []

    def keep(self) -> None:
        cpu = time.process_time() - self._began
        self.kept.append((self.model.num_timesteps, cpu, export(self.model)))

    def _on_rollout_start(self) -> None:
        if self.model.num_timesteps >= self._next:
            self._next += self._every
            self.keep()

    def _on_step(self) -> bool:
        return True


def _curves(points: list[Point], setting: str) -> tuple[Array, Array, Array]:
    """Steps (p,), CPU-seconds and log returns (seeds, p) of a setting."""
    mine = [point for point in points if point.setting == setting]
    seeds = len({point.seed for point in mine})
    table = np.array([point[2:] for point in mine]).reshape(seeds, -1, 3)
    return table[0, :, 0], table[:, :, 1], table[:, :, 2]


def _write(points: list[Point], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "learning-curves.csv").open("w", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(Point._fields)
        rows.writerows((*p[:3], f"{p.cpu_seconds:.2f}", f"{p.log_return:.4f}") for p in points)
    figure = Figure(figsize=(10, 4), layout="constrained")
    by_steps, by_cpu = figure.subplots(1, 2, sharey=True)
    for setting in (FAST, SMALL, PLAIN):
        steps, cpu, returns = _curves(points, setting)
        for axes, at in ((by_steps, steps), (by_cpu, cpu.mean(axis=0))):
            axes.plot(at, interquartile_mean(returns, axis=0), marker=".", label=setting)
            axes.fill_between(at, returns.min(axis=0), returns.max(axis=0), alpha=0.2)
    by_steps.set(xlabel="steps", ylabel="log return out of sample, after costs")
    by_cpu.set(xlabel="CPU-seconds", xscale="log")
    by_steps.legend(title="interquartile mean; band: all seeds")
    figure.savefig(folder / "learning-curves.svg", metadata={"Date": None})
