"""SB3's algorithms with our settings: made here, and turned into plain arrays here."""

from typing import TypeAlias

import torch
from stable_baselines3 import A2C, PPO

from ai_pod.agents.learning.env import TradingVecEnv
from ai_pod.agents.learning.training import DeviceMissing, Training
from ai_pod.policies.learned import Layer

Learner: TypeAlias = PPO | A2C

_COMMON = ("n_steps", "learning_rate", "gamma", "gae_lambda")
_SETTINGS = {"ppo": (*_COMMON, "batch_size", "n_epochs"), "a2c": _COMMON}
_CLASSES = {"ppo": PPO, "a2c": A2C}


def learner_on(env: TradingVecEnv, training: Training, seed: int) -> Learner:
    """The algorithm, untrained, with these settings. Raises DeviceMissing."""
    settings = {name: getattr(training, name) for name in _SETTINGS[training.algorithm]}
    return _CLASSES[training.algorithm](
        "MlpPolicy",
        env,
        seed=seed,
        device=device_of(training.device),
        policy_kwargs={
            "net_arch": list(training.hidden),
            "log_std_init": training.log_std_init,
            "optimizer_class": torch.optim.AdamW,
            "optimizer_kwargs": {"weight_decay": training.weight_decay},
        },
        **settings,
    )


def device_of(name: str) -> torch.device:
    """`cpu`, `cuda`, or whichever there is (`auto`). Raises DeviceMissing rather than go on slower
    than was asked for.
    """
    there = torch.cuda.is_available()
    if name == "auto":
        name = "cuda" if there else "cpu"
    if name == "cuda" and not there:
        raise DeviceMissing("there is no CUDA device here; the device is to be cpu or auto")
    return torch.device(name)


def export(learner: Learner) -> tuple[Layer, ...]:
    """The actor's mean as arrays: the tanh layers, then the head of logits."""
    policy = learner.policy
    linears = [part for part in policy.mlp_extractor.policy_net if hasattr(part, "weight")]
    return tuple(
        (linear.weight.detach().cpu().numpy().T.copy(), linear.bias.detach().cpu().numpy().copy())
        for linear in (*linears, policy.action_net)
    )
