"""How fast learning is: the environment, PPO on it, and both against their yardsticks.

The environment is always on one CPU, the network on the `device` that is set. The row environment
is written as FinRL writes its own (one account, a pandas frame of rows, lists for the state): a
peer to compare with, never used.
"""

import resource
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray
from stable_baselines3.common.logger import Logger
from torch import nn

from ai_pod.agents.learning.env import TradingVecEnv
from ai_pod.agents.learning.episodes import REWARD_SCALE
from ai_pod.agents.learning.learners import device_of, learner_on
from ai_pod.agents.learning.training import DeviceMissing, Training
from ai_pod.policies.backtest import Terms, World
from ai_pod.policies.features import FEATURES, Array
from ai_pod.policies.learned import weights_of_logits
from ai_pod.policies.policy import apply_profile
from market.series import Panel
from shiftdesk.errors import UsageProblem
from shiftdesk.options import chosen

BARS = 3000
NIGHT = Training()

Row = list[float]


@dataclass(frozen=True)
class Settings:
    assets: int = 20
    envs: int = NIGHT.envs
    batch: int = NIGHT.batch_size
    epochs: int = NIGHT.n_epochs
    rollout: int = NIGHT.n_steps
    hidden: int = NIGHT.hidden[0]
    repeats: int = 3
    device: str = "cpu"


class Rate(NamedTuple):
    """Steps per CPU-second of this process, and per second."""

    cpu: float
    wall: float


def run(options: Mapping[str, str]) -> tuple[dict[str, object], dict[str, float]]:
    """Settings and figures; every rate is the best of `repeats`, and per CPU-second (which does not
    count what a GPU does) unless it says `per_s`.
    """
    size = chosen(Settings, options)
    device = _device(size.device)
    torch.set_num_threads(1)
    world, repeats = _world(size.assets), size.repeats
    env_rate = max(_env_rate(world, size) for _ in range(repeats))
    row_rate = max(_row_rate(world) for _ in range(repeats))
    ppo_rate = max(_ppo_rate(world, size, device) for _ in range(repeats))
    bare_rate = max(_bare_rate(size, device) for _ in range(repeats))
    settings: dict[str, object] = {
        **asdict(size),
        "hidden": f"{size.hidden}, {size.hidden} (tanh), actor and critic",
        "observation": size.assets * len(FEATURES),
        "device": str(device),
        "torch_threads": torch.get_num_threads(),
        "algorithm": "stable_baselines3.PPO",
    }
    return settings, {
        "env_steps_per_cpu_s": env_rate.cpu,
        "ppo_steps_per_cpu_s": ppo_rate.cpu,
        "ppo_steps_per_s": ppo_rate.wall,
        "vs_row_env": env_rate.cpu / row_rate.cpu,
        "vs_bare_network": ppo_rate.cpu / bare_rate.cpu,
        "row_env_steps_per_cpu_s": row_rate.cpu,
        "bare_network_steps_per_cpu_s": bare_rate.cpu,
        "peak_memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def _device(name: str) -> torch.device:
    try:
        return device_of(name)
    except DeviceMissing as error:
        raise UsageProblem(str(error), "--set device=cpu, or auto") from error


def _world(assets: int) -> World:
    random = np.random.default_rng(0)
    close = 100.0 * np.exp(random.normal(0.0, 0.004, (BARS, assets)).cumsum(axis=0))
    opened = np.vstack([close[:1], close[:-1]])
    return World.of(
        Panel(
            instruments=tuple(f"BENCH:{number}" for number in range(assets)),
            end=np.arange(BARS, dtype=np.int64) * 900 * 10**9,
            open=opened,
            high=np.maximum(opened, close) * 1.001,
            low=np.minimum(opened, close) * 0.999,
            close=close,
            volume=np.ones((BARS, assets)),
            synthetic=True,
        )
    )


def _rate(work: Callable[[], int]) -> Rate:
    cpu, wall = time.process_time(), time.perf_counter()
    steps = work()
    return Rate(steps / (time.process_time() - cpu), steps / (time.perf_counter() - wall))


def _env_rate(world: World, size: Settings) -> Rate:
    """Steps of the array environment: sizing, fills, fees, reward, `observe`, new episodes."""
    env = TradingVecEnv(world, Terms(), size.envs)
    env.reset()
    random = np.random.default_rng(1)
    drawn = random.normal(0.0, 1.0, (16, size.envs, size.assets)).astype(np.float32)
    env.step(drawn[0])
    steps = max(1, 1_000_000 // size.envs)

    def work() -> int:
        for step in range(steps):
            env.step(drawn[step % 16])
        return steps * size.envs

    return _rate(work)


def _ppo_rate(world: World, size: Settings, device: torch.device) -> Rate:
    """Steps of SB3's PPO: rollouts in the environment and all epochs of their updates."""
    training = Training(
        device="cuda" if device.type == "cuda" else "cpu",
        envs=size.envs,
        n_steps=size.rollout,
        batch_size=size.batch,
        n_epochs=size.epochs,
        hidden=(size.hidden, size.hidden),
        episode_bars=128,
    )
    learner = learner_on(TradingVecEnv(world, Terms(), size.envs, 128), training, 0)
    learner.set_logger(Logger(folder=None, output_formats=[]))
    once = size.envs * size.rollout
    learner.learn(once)

    def work() -> int:
        learner.learn(2 * once)
        return 2 * once

    return _rate(work)


def _bare_rate(size: Settings, device: torch.device) -> Rate:
    """The network alone: as many passes over as many observations as PPO makes a step.

    A step is one forward pass in the rollout, and a forward and a backward pass per epoch, actor
    and critic each, with the optimiser's step; no environment, buffer, loss or sampling.
    """
    torch.manual_seed(0)
    width, hidden = size.assets * len(FEATURES), size.hidden
    nets = [_net(width, hidden, out).to(device) for out in (size.assets, 1)]
    parameters = [parameter for net in nets for parameter in net.parameters()]
    optimizer = torch.optim.AdamW(parameters)
    seen = torch.randn(size.envs * size.rollout, width, device=device)

    def passes() -> int:
        with torch.no_grad():
            for rows in seen.split(size.envs):
                for net in nets:
                    net(rows)
        for _ in range(size.epochs):
            for rows in seen.split(size.batch):
                optimizer.zero_grad()
                sum(net(rows).square().mean() for net in nets).backward()
                optimizer.step()
        if device.type == "cuda":
            torch.cuda.synchronize()
        return len(seen)

    passes()
    return _rate(lambda: passes() + passes())


def _net(width: int, hidden: int, out: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Linear(width, hidden),
        nn.Tanh(),
        nn.Linear(hidden, hidden),
        nn.Tanh(),
        nn.Linear(hidden, out),
    )


def _row_rate(world: World) -> Rate:
    env = RowEnv(world, Terms())
    env.reset()
    drawn = np.random.default_rng(1).normal(0.0, 1.0, (16, len(world.instruments)))

    def work() -> int:
        for step in range(300):
            env.step(drawn[step % 16])
        return 300

    return _rate(work)


class RowEnv:
    """One account stepping through a frame of (day, instrument) rows, in FinRL's manner."""

    def __init__(self, world: World, terms: Terms) -> None:
        self.instruments, self.terms = world.instruments, terms
        names = [name for name in FEATURES if name != "weight"]
        columns = {name: world.features[..., i].ravel() for i, name in enumerate(names)}
        for name in ("open", "high", "low", "close"):
            columns[name] = getattr(world, name).ravel()
        day = np.repeat(np.arange(world.bars), len(world.instruments))
        self.frame = pd.DataFrame({"tic": list(world.instruments) * world.bars, **columns}, day)
        self.features = names

    def reset(self) -> Row:
        self.day = 0
        self.data = self.frame.loc[self.day, :]
        self.cash = self.terms.starting_cash
        self.held = [0.0] * len(self.instruments)
        return self._state()

    def step(self, action: Array) -> tuple[Row, float, bool, dict[str, object]]:
        before = self._worth()
        closes = self.data.close.tolist()
        weights = apply_profile(weights_of_logits(action[None]), self.terms.profile)[0]
        self.day += 1
        self.data = self.frame.loc[self.day, :]
        for i, weight in enumerate(weights):
            self._trade(i, weight * before - self.held[i] * closes[i], closes[i], before)
        reward = REWARD_SCALE * float(np.log(self._worth() / before))
        return self._state(), reward, self.day == len(self.frame.index.unique()) - 2, {}

    def _trade(self, i: int, off: float, price: float, worth: float) -> None:
        quantity = float(np.trunc(off / price))
        if abs(off) <= self.terms.band * worth or quantity == 0.0:
            return
        costs = self.terms.costs
        opened = self.data.open.values[i] * (1.0 + np.sign(quantity) * costs.against)
        fill = min(max(opened, self.data.low.values[i]), self.data.high.values[i])
        self.cash -= quantity * fill + abs(quantity) * fill * costs.commission_bps * 1e-4
        self.held[i] += quantity

    def _worth(self) -> float:
        return self.cash + float(sum(np.array(self.held) * np.array(self.data.close.values)))

    def _state(self) -> Row:
        worth = self._worth()
        shares: NDArray[np.float64] = np.array(self.held) * self.data.close.values / worth
        state: Row = []
        for name in self.features:
            state = state + self.data[name].values.tolist()
        return state + list(shares * len(self.held))
