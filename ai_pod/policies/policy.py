"""The policy's port, and the one place where a risk profile bounds what a policy wants."""

from typing import Protocol

import numpy as np

from ai_pod.contracts.seats import RiskProfile
from ai_pod.policies.explain import Attributing
from ai_pod.policies.features import Array, Observations

GROSS: dict[RiskProfile, float] = {
    RiskProfile.CAUTIOUS: 0.5,
    RiskProfile.BALANCED: 0.8,
    RiskProfile.BOLD: 1.0,
}
"""The gross exposure a profile allows, as a share of equity."""


class Policy(Attributing, Protocol):
    """Turns observations into target weights; the same for n desks at once as for one."""

    @property
    def version(self) -> str:
        """The policy id: `rule:NAME@V`, or the artifact's `sha256:HEX`."""
        ...

    def act(self, observations: Observations) -> Array:
        """Observations (n, k·f) → target weights (n, k), each ≥ 0, at most 1 in sum."""
        ...


def apply_profile(weights: Array, profile: RiskProfile) -> Array:
    """Scale weights (…, k) down, in proportion, to the gross exposure the profile allows.

    What is inside already stays as it is, so applying it twice is applying it once. The trading
    agent, the environment and the backtest all go through here.
    """
    return limit_gross(weights, GROSS[profile])


def limit_gross(weights: Array, limit: float) -> Array:
    """Scale weights (…, k) so that their absolute sum is at most `limit`."""
    gross = np.add.reduce(np.abs(weights), axis=-1, keepdims=True)
    limited: Array = weights * np.minimum(1.0, limit / np.maximum(gross, 1e-12))
    return limited
