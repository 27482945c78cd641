"""Why a policy wants what it wants: contributions of the features that add up to the score."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from ai_pod.policies.features import FEATURES, Array, Observations

OTHERS = "other_instruments"
NAMES: tuple[str, ...] = (*FEATURES, OTHERS)
"""Columns of the contributions: the instrument's own features, then all of the others' together."""

_WORDS = {
    "return_1": "the last bar's move",
    "momentum_8": "momentum over 8 bars",
    "momentum_32": "momentum over 32 bars",
    "sma_cross": "the short average against the long one",
    "volatility_ratio": "recent volatility",
    "weight": "what is held already",
    OTHERS: "the other instruments",
}


@dataclass(frozen=True)
class Explanation:
    """`base` (k,) plus the row sums of `contributions` (k, len(NAMES)) are the `scores` (k,)."""

    base: Array
    scores: Array
    contributions: Array

    def of(self, index: int) -> dict[str, float]:
        """Contributions to one instrument's score, by name."""
        return dict(zip(NAMES, self.contributions[index].tolist(), strict=True))

    def reason(self, index: int) -> str:
        """One plain sentence about one instrument's score: its two largest contributions."""
        parts = sorted(self.of(index).items(), key=lambda part: -abs(part[1]))
        said = [f"{_WORDS[name]} ({value:+.2f})" for name, value in parts[:2] if value]
        score = f"score {self.scores[index]:+.2f}"
        return f"{score}, mostly from {' and '.join(said)}" if said else f"{score}, fixed by rule"


class Attributing(Protocol):
    """A policy that knows where its scores come from, up to a small residual."""

    def attribute(self, observation: Observations) -> Explanation: ...


def explain(policy: Attributing, observation: Observations) -> Explanation:
    """Explain the policy's scores at one observation (k·f,).

    The method's small residual (integration error) joins each score's largest contribution, so
    that base and contributions add up to the score.
    """
    found = policy.attribute(observation)
    contributions = found.contributions.copy()
    rows = np.arange(len(found.scores))
    largest = np.abs(contributions).argmax(axis=1)
    residual = found.scores - found.base - contributions.sum(axis=1)
    contributions[rows, largest] += residual
    return Explanation(found.base, found.scores, contributions)


def own_and_others(attributions: Array) -> Array:
    """Attributions (k, k, f) of score i to instrument j's features → (k, len(NAMES))."""
    count = attributions.shape[0]
    own = attributions[np.arange(count), np.arange(count)]
    others = attributions.sum(axis=(1, 2)) - own.sum(axis=1)
    return np.concatenate([own, others[:, None]], axis=1)
