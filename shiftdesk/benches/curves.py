"""Do large batches and few epochs cost return? Settings of PPO on the same planted worlds, by
steps and by CPU time, judged out of sample on the same bars; data and picture for the docs.
"""

import csv
import time
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
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
from shiftdesk.options import chosen

ASSETS, TRAINING_BARS, TEST_BARS = 20, 4000, 1500
VOLATILITY, TREND, REACH = 0.004, 0.8, 8
FAST, SMALL, PLAIN = "large batches, few epochs", "SB3's batches and epochs", "SB3's defaults"
SETTINGS = (FAST, SMALL, PLAIN)
NAMES = tuple(f"BENCH:{number}" for number in range(ASSETS))


@dataclass(frozen=True)
class Settings:
    """`out`: a folder for data and picture."""

    seeds: int = 4
    steps: int = 65_536
    fast_steps: int = 196_608
    every: int = 8_192
    jobs: int = 1
    out: str = ""


class _Task(NamedTuple):
    """A curve to be made: a point every so many steps."""

    setting: str
    seed: int
    steps: int
    every: int


class Point(NamedTuple):
    """How good a learner was after so many steps; `log_return` is out of sample, over all bars."""

    setting: str
    seed: int
    steps: int
    cpu_seconds: float
    log_return: float


def run(options: Mapping[str, str]) -> tuple[dict[str, object], dict[str, float]]:
    """Settings and figures. Every seed has a world of its own."""
    asked = chosen(Settings, options)
    steps = {FAST: asked.fast_steps, SMALL: asked.steps, PLAIN: asked.steps}
    tasks = [
        _Task(name, seed, steps[name], asked.every)
        for seed, name in product(range(asked.seeds), steps)
    ]
    with ProcessPoolExecutor(asked.jobs, get_context("spawn")) as pool:
        points = [point for curve in pool.map(_curve, tasks) for point in curve]
    if asked.out:
        write(points, Path(asked.out))
    return asdict(asked), compared(points)


def compared(points: list[Point]) -> dict[str, float]:
    """Interquartile means over the worlds of each setting's return: in the end, after as many steps
    as every setting has done, and after as much CPU time; and in what share of the worlds large
    batches did no worse than SB3's defaults.
    """
    curves = {name: _curves(points, name) for name in SETTINGS}
    steps = min(curve.steps[-1] for curve in curves.values())
    cpu = min(curve.cpu[:, -1].mean() for curve in curves.values())
    figures, at_steps, at_cpu = {"equal_steps": float(steps), "equal_cpu_s": float(cpu)}, {}, {}
    for name, curve in curves.items():
        both = zip(curve.cpu, curve.returns, strict=True)
        at_steps[name] = np.array([np.interp(steps, curve.steps, row) for row in curve.returns])
        at_cpu[name] = np.array([np.interp(cpu, spent, row) for spent, row in both])
        key = name.replace("'", "").replace(",", "").replace(" ", "_")
        figures[f"{key}_log_return"] = float(interquartile_mean(curve.returns[:, -1]))
        figures[f"{key}_log_return_at_equal_steps"] = float(interquartile_mean(at_steps[name]))
        figures[f"{key}_log_return_at_equal_cpu"] = float(interquartile_mean(at_cpu[name]))
        figures[f"{key}_steps_per_cpu_s"] = float(curve.steps[-1] / curve.cpu[:, -1].mean())
    for where, returns in (("steps", at_steps), ("cpu", at_cpu)):
        no_worse = returns[FAST] >= returns[PLAIN]
        figures[f"worlds_no_worse_than_defaults_at_equal_{where}"] = float(no_worse.mean())
    return figures


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


def _curve(task: _Task) -> list[Point]:
    setting, seed = task.setting, task.seed
    torch.set_num_threads(1)
    # Worlds that no setting was chosen on.
    train, test = planted(1000 + seed)
    learner = _learner(setting, train, seed)
    learner.set_logger(Logger(folder=None, output_formats=[]))
    marks = _Marks(task.every)
    learner.learn(task.steps, callback=marks)
    marks.keep()
    made = Provenance(instruments=NAMES, interval=Interval.QUARTER)
    runs = backtest(test, [LearnedPolicy("", kept[2], made) for kept in marks.kept], Terms())
    return [
        Point(setting, seed, at, cpu, float(np.log(run.equity[-1] / run.equity[0])))
        for (at, cpu, _), run in zip(marks.kept, runs, strict=True)
    ]


class _Marks(BaseCallback):  # type: ignore[misc]
    # SB3 ships no types to a strict checker here
    """Keeps the policy at first and about every so many steps: (steps, CPU-seconds, layers)."""

    def __init__(self, every: int) -> None:
        super().__init__()
        self._every, self._next, self._began = every, 0, time.process_time()
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


class _Curves(NamedTuple):
    """Steps (p,), CPU-seconds and log returns (seeds, p) of a setting."""

    steps: Array
    cpu: Array
    returns: Array


def _curves(points: list[Point], setting: str) -> _Curves:
    mine = [point for point in points if point.setting == setting]
    seeds = len({point.seed for point in mine})
    table = np.array([point[2:] for point in mine]).reshape(seeds, -1, 3)
    return _Curves(table[0, :, 0], table[:, :, 1], table[:, :, 2])


def write(points: list[Point], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "learning-curves.csv").open("w", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(Point._fields)
        rows.writerows((*p[:3], f"{p.cpu_seconds:.2f}", f"{p.log_return:.4f}") for p in points)
    figure = Figure(figsize=(10, 5), layout="constrained")
    by_steps, by_cpu = figure.subplots(1, 2, sharey=True)
    for setting in SETTINGS:
        steps, cpu, returns = _curves(points, setting)
        middle, (low, high) = interquartile_mean(returns, axis=0), np.quantile(returns, (0, 1), 0)
        # A logarithmic axis has no place for the beginning.
        for axes, at, first in ((by_steps, steps / 1000, 0), (by_cpu, cpu.mean(axis=0), 1)):
            axes.plot(at[first:], middle[first:], marker=".", label=setting)
            axes.fill_between(at[first:], low[first:], high[first:], alpha=0.2)
    by_steps.set(xlabel="thousand steps", ylabel="log return out of sample, after costs")
    by_cpu.set(xlabel="CPU-seconds", xscale="log")
    lines, names = by_steps.get_legend_handles_labels()
    title = "interquartile mean; band: all seeds"
    figure.legend(lines, names, loc="outside lower center", ncols=2, title=title)
    figure.savefig(folder / "learning-curves.svg", metadata={"Date": None})
