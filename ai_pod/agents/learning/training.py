"""What a candidate's training is told, and what it tells; without torch, which `train` imports."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

from ai_pod.agents.learning.stretches import Stretches
from ai_pod.policies.backtest import Terms, World
from ai_pod.policies.learned import Layer

Metrics: TypeAlias = dict[str, float]


Algorithm: TypeAlias = Literal["ppo", "a2c"]
Device: TypeAlias = Literal["cpu", "cuda", "auto"]


class DeviceMissing(RuntimeError):
    """The device that was asked for is not there."""


@dataclass(frozen=True)
class Training:
    """How a candidate is trained; the algorithm's parameters by SB3's names (A2C takes each rollout
    as one batch, once). `device` is `cpu`, `cuda` or `auto`.

    A strong decoupled weight decay (Loshchilov, Hutter 2019) is what keeps so small a history from
    being learned by heart.
    """

    algorithm: Algorithm = "ppo"
    device: Device = "cpu"
    total_timesteps: int = 196_608
    envs: int = 512
    n_steps: int = 8
    batch_size: int = 2048
    n_epochs: int = 4
    learning_rate: float = 6e-3
    gamma: float = 0.9
    gae_lambda: float = 0.5
    log_std_init: float = 0.0
    weight_decay: float = 0.5
    hidden: tuple[int, ...] = (32, 32)
    episode_bars: int = 64


TRAININGS: dict[Algorithm, Training] = {
    "ppo": Training(),
    "a2c": Training(algorithm="a2c", envs=256, n_steps=4, learning_rate=3e-3, weight_decay=1.0),
}
"""What each algorithm is trained with unless told otherwise."""


def _ignored(*_: object) -> None: ...


def _never() -> bool:
    return False


@dataclass(frozen=True)
class Hooks:
    """What the outside may do while a candidate trains; `saved` is a checkpoint to resume from.

    `stop` is asked at every step of a rollout, `progress` gets (step, metrics) after every rollout,
    `save` gets a checkpoint when the run stops early, and at rollouts `save_seconds` apart.
    """

    stop: Callable[[], bool] = _never
    progress: Callable[[int, Metrics], None] = _ignored
    save: Callable[[bytes], None] = _ignored
    saved: bytes | None = None
    save_seconds: float = 10.0


class Trainer(Protocol):
    """`train`: a candidate's layers, learned from `stretches` of rows (by default all of them);
    None when stopped.
    """

    def __call__(
        self,
        world: World,
        terms: Terms,
        training: Training,
        seed: int,
        hooks: Hooks,
        stretches: Stretches | None = None,
    ) -> tuple[Layer, ...] | None: ...
