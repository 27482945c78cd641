"""A learned policy, run in numpy: the weights of SB3's MLP, exported as arrays.

Its score of an instrument is the logit against holding cash.
"""

from dataclasses import dataclass, field

import numpy as np

from ai_pod.policies.errors import PolicyRefused
from ai_pod.policies.explain import Explanation, own_and_others
from ai_pod.policies.features import FEATURES, VERSION, Array, Observations
from market.words import Interval, Word

BOUND = 4.0
"""Logits are clipped to ±BOUND, in training as in trading."""

STEPS = 32
"""Points of the path that integrated gradients average over."""

Layer = tuple[Array, Array]


class Provenance(Word, frozen=True, kw_only=True):
    """What an artifact was made for, and how. Times are ISO instants of the training bars."""

    instruments: tuple[str, ...]
    interval: Interval
    features: tuple[str, ...] = FEATURES
    features_version: int = VERSION
    algorithm: str = "ppo"
    seed: int = 0
    steps: int = 0
    trained_from: str = ""
    trained_to: str = ""
    synthetic: bool = False


@dataclass(frozen=True)
class LearnedPolicy:
    """tanh layers and a linear head of logits; `layers` are (weights (in, out), bias (out,))."""

    version: str
    layers: tuple[Layer, ...]
    provenance: Provenance
    _exact: tuple[Layer, ...] = field(init=False, repr=False, compare=False)
    """The layers as float64: converted once, and not at every decision."""

    def __post_init__(self) -> None:
        exact = tuple((w.astype(np.float64), bias.astype(np.float64)) for w, bias in self.layers)
        object.__setattr__(self, "_exact", exact)
        instruments = len(self.provenance.instruments)
        width = instruments * len(FEATURES)
        for weights, bias in self.layers:
            if not (np.isfinite(weights).all() and np.isfinite(bias).all()):
                raise PolicyRefused(f"{self.version}: a layer holds values that are no numbers")
            if weights.shape != (width, len(bias)):
                raise PolicyRefused(
                    f"{self.version}: a layer of {weights.shape} where {(width, len(bias))} fits"
                )
            width = len(bias)
        if width != instruments:
            raise PolicyRefused(f"{self.version}: {width} outputs for {instruments} instruments")

    def act(self, observations: Observations) -> Array:
        return weights_of_logits(self.logits(observations))

    def logits(self, observations: Observations) -> Array:
        """Observations (n, k·f) → logits (n, k), as the actor's mean in torch."""
        hidden = observations.astype(np.float64)
        for weights, bias in self._exact[:-1]:
            hidden = np.tanh(hidden @ weights + bias)
        weights, bias = self._exact[-1]
        logits: Array = hidden @ weights + bias
        return logits

    def attribute(self, observations: Observations) -> Explanation:
        """Integrated gradients from the zero observation (Sundararajan, Taly, Yan 2017, eq. 1),
        midpoint rule over STEPS points.
        """
        scores = self.logits(observations)
        base = np.broadcast_to(self.logits(np.zeros_like(observations[:1])), scores.shape)
        gradients = self._mean_gradients(observations.astype(np.float64))
        count, instruments = scores.shape
        attributions = (gradients * observations[:, None, :]).reshape(
            count, instruments, instruments, len(FEATURES)
        )
        return Explanation(base, scores, own_and_others(attributions))

    def _mean_gradients(self, observations: Array) -> Array:
        """The Jacobians of the logits (n, k, k·f), averaged along the paths."""
        path = (np.arange(STEPS) + 0.5) / STEPS
        hidden, slopes = path[:, None] * observations[:, None, :], []
        for weights, bias in self._exact[:-1]:
            hidden = np.tanh(hidden @ weights + bias)
            slopes.append(1.0 - hidden * hidden)
        head = self._exact[-1][0].T
        if not slopes:
            return np.broadcast_to(head, (len(observations), *head.shape))
        back = head * slopes[-1][:, :, None, :]
        for (weights, _), slope in zip(
            reversed(self._exact[1:-1]), reversed(slopes[:-1]), strict=True
        ):
            back = (back @ weights.T) * slope[:, :, None, :]
        mean: Array = back.mean(axis=1) @ self._exact[0][0].T
        return mean


def weights_of_logits(logits: Array) -> Array:
    """Logits (n, k) → weights (n, k): a softmax over the instruments and cash, whose logit is 0."""
    # ufuncs themselves: `clip` and `sum` cost more than the arithmetic of one desk.
    powers = np.exp(np.minimum(np.maximum(logits, -BOUND), BOUND))
    shares: Array = powers / (1.0 + np.add.reduce(powers, axis=-1, keepdims=True))
    return shares
