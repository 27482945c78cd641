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
    """Of n observations: `base` (n, k) plus the row sums of `contributions` (n, k, len(NAMES)) are
    the `scores` (n, k).
    """

    base: Array
    scores: Array
    contributions: Array

    def of(self, row: int, index: int) -> dict[str, float]:
        """Contributions to one instrument's score, by name."""
        return dict(zip(NAMES, self.contributions[row, index].tolist(), strict=True))


def reason(score: float, contributions: dict[str, float]) -> str:
    """One plain sentence about one instrument's score: its two largest contributions."""
    parts = sorted(contributions.items(), key=lambda part: -abs(part[1]))
    said = [f"{_WORDS[name]} ({value:+.2f})" for name, value in parts[:2] if value]
    if not said:
        return f"score {score:+.2f}, fixed by rule"
    return f"score {score:+.2f}, mostly from {' and '.join(said)}"


class Attributing(Protocol):
    """A policy that knows where its scores come from, up to a small residual."""

    def attribute(self, observations: Observations) -> Explanation:
        """Explain the scores at observations (n, k·f)."""
        ...


def explain(policy: Attributing, observations: Observations) -> Explanation:
    """Explain the policy's scores at observations (n, k·f).

    The method's small residual (integration error) joins each score's largest contribution, so
    that base and contributions add up to the score.
    """
    found = policy.attribute(observations)
    contributions = found.contributions.copy()
    largest = np.abs(contributions).argmax(axis=2)
    rows, instruments = np.arange(largest.shape[0])[:, None], np.arange(largest.shape[1])
    residual = found.scores - found.base - contributions.sum(axis=2)
    contributions[rows, instruments, largest] += residual
    return Explanation(found.base, found.scores, contributions)


def own_and_others(attributions: Array) -> Array:
    """Attributions (n, k, k, f) of score i to instrument j's features → (n, k, len(NAMES))."""
    every = np.arange(attributions.shape[1])
    own = attributions[:, every, every]
    others = attributions.sum(axis=(2, 3)) - own.sum(axis=2)
    return np.concatenate([own, others[..., None]], axis=2)
