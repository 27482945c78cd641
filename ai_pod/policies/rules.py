"""Built-in policies: plain rules whose scores are linear in the features, so explained exactly."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ai_pod.policies.errors import UnknownPolicy
from ai_pod.policies.explain import NAMES, Explanation
from ai_pod.policies.features import FEATURES, Array, Observations, by_instrument

_STICKINESS = 0.25
"""A held share counts so much toward its own score: a rule does not flip at every small change."""

_INVESTED = 0.05
"""Below this share of an equal-weight book, buy-and-hold has not bought yet."""


@dataclass(frozen=True)
class Rule:
    """`score = base + coefficients · own features`; `choose` turns scores and shares held (n, k)
    into weights (n, k).
    """

    version: str
    base: float
    coefficients: dict[str, float]
    choose: Callable[[Array, Array], Array]

    def act(self, observations: Observations) -> Array:
        features = by_instrument(observations).astype(np.float64)
        held = features[..., FEATURES.index("weight")] / features.shape[1]
        return self.choose(self._scores(features), held)

    def attribute(self, observations: Observations) -> Explanation:
        features = by_instrument(observations).astype(np.float64)
        contributions = np.zeros((*features.shape[:2], len(NAMES)))
        contributions[..., : len(FEATURES)] = features * self._row()
        base = np.full(features.shape[:2], self.base)
        return Explanation(base, base + contributions.sum(axis=2), contributions)

    def _scores(self, features: Array) -> Array:
        scores: Array = self.base + features @ self._row()
        return scores

    def _row(self) -> Array:
        return np.array([self.coefficients.get(name, 0.0) for name in FEATURES])


def _equal(scores: Array, _held: Array) -> Array:
    return np.full(scores.shape, 1.0 / scores.shape[-1])


def _positive(scores: Array, _held: Array) -> Array:
    return np.where(scores > 0.0, 1.0 / scores.shape[-1], 0.0)


def _nothing(scores: Array, _held: Array) -> Array:
    return np.zeros(scores.shape)


def _hold(scores: Array, held: Array) -> Array:
    bought = held.sum(axis=-1, keepdims=True) > _INVESTED
    return np.where(bought, np.maximum(held, 0.0), 1.0 / scores.shape[-1])


EQUAL_WEIGHT = Rule("rule:equal-weight@1", 1.0, {}, _equal)
MOMENTUM = Rule("rule:momentum@1", 0.0, {"momentum_32": 1.0, "weight": _STICKINESS}, _positive)
SMA_CROSS = Rule("rule:sma-cross@1", 0.0, {"sma_cross": 1.0, "weight": _STICKINESS}, _positive)
BUY_AND_HOLD = Rule("rule:buy-and-hold@1", 1.0, {}, _hold)
CASH = Rule("rule:cash@1", 0.0, {}, _nothing)

RULES: dict[str, Rule] = {
    rule.version: rule for rule in (EQUAL_WEIGHT, MOMENTUM, SMA_CROSS, BUY_AND_HOLD, CASH)
}


def rule(policy_id: str) -> Rule:
    """The rule of that id. Raises UnknownPolicy."""
    try:
        return RULES[policy_id]
    except KeyError:
        raise UnknownPolicy(
            f"no rule {policy_id!r}; there are {', '.join(sorted(RULES))}"
        ) from None
