"""How much a night tries: by names, as settings and the command line give them."""

from dataclasses import dataclass, field, replace

from ai_pod.agents.learning.judging.protocol import Protocol
from ai_pod.agents.learning.training import TRAININGS, Algorithm, Device, Training


@dataclass(frozen=True)
class Budget:
    """How much a night tries, and how long each trial trains."""

    protocol: Protocol = field(default_factory=Protocol)
    training: Training = field(default_factory=Training)


_FULL = Budget()
_SMALL = Budget(
    Protocol(groups=3, test_groups=2, seeds=2),
    Training(total_timesteps=49_152),
)
"""For nights of an accelerated clock, which last a minute; too little evidence to promote on."""

_BUDGETS = {"full": _FULL, "small": _SMALL}


def budget_of(protocol: str, algorithm: Algorithm = "ppo", device: Device = "cpu") -> Budget:
    """The budget by the names that SHIFTDESK_PROTOCOL, SHIFTDESK_LEARNING_ALGORITHM and
    SHIFTDESK_LEARNING_DEVICE know.
    """
    budget = _BUDGETS[protocol]
    steps = budget.training.total_timesteps
    training = replace(TRAININGS[algorithm], total_timesteps=steps, device=device)
    return replace(budget, training=training)
