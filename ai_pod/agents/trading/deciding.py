"""The decision itself, pure: closes and what desks hold → target weights, and the signals of those
that moved, for all desks that share a policy and its instruments at once.
"""

import time
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from ai_pod.contracts.seats import Seat
from ai_pod.contracts.signals import BAND, Decision, Signal
from ai_pod.policies.explain import Explanation, explain
from ai_pod.policies.features import WINDOW, Array, Observations, observe
from ai_pod.policies.policy import Policy, apply_profile


@dataclass(frozen=True, slots=True)
class Moment:
    """One bar as the pod sees it: closes (≤ WINDOW, k) up to its end."""

    pod: str
    phase_epoch: int
    bar_end: datetime
    closes: Array
    synthetic: bool

    @property
    def complete(self) -> bool:
        """The features' whole window is known, for every instrument."""
        return len(self.closes) >= WINDOW and not np.isnan(self.closes).any()


@dataclass(frozen=True, slots=True)
class Standing:
    """A desk before its decision. `held` are its weights now; `before` those that a signal is told
    against.
    """

    seat: Seat
    held: list[float]
    before: list[float]


class PolicyMisfit(Exception):
    """The policy's weights are no weights for these instruments."""


def decide(policy: Policy, moment: Moment, desks: list[Standing]) -> list[Decision]:
    """One decision for each desk, in their order. Raises PolicyMisfit.

    While the window is incomplete the desks keep what they hold.
    """
    held = np.array([desk.held for desk in desks])
    if not moment.complete:
        return [_decision(moment, desk.seat, desk.held, ()) for desk in desks]
    observations = observe(moment.closes, held)
    targets = _bounded(_act(policy, observations, held.shape), desks)
    moved = np.abs(targets - np.array([desk.before for desk in desks])) > BAND
    rows = targets.tolist()
    signals: dict[int, tuple[Signal, ...]] = {
        row: _signals(
            explain(policy, observations[row]), moment, desks[row], (moved[row], rows[row])
        )
        for row in np.flatnonzero(moved.any(axis=1)).tolist()
    }
    return [
        _decision(moment, desk.seat, rows[row], signals.get(row, ()))
        for row, desk in enumerate(desks)
    ]


def _act(policy: Policy, observations: Observations, shape: tuple[int, ...]) -> Array:
    try:
        weights = policy.act(observations)
    except ValueError as error:
        raise PolicyMisfit(f"{policy.version}: {error}") from error
    if weights.shape != shape:
        raise PolicyMisfit(f"{policy.version}: weights of shape {weights.shape}, not {shape}")
    if not np.isfinite(weights).all():
        raise PolicyMisfit(f"{policy.version}: weights that are no numbers")
    return weights


def _bounded(weights: Array, desks: list[Standing]) -> Array:
    """The weights inside each desk's risk profile."""
    profiles = {desk.seat.risk_profile for desk in desks}
    if len(profiles) == 1:
        return apply_profile(weights, profiles.pop())
    bounded = [
        apply_profile(row, desk.seat.risk_profile) for row, desk in zip(weights, desks, strict=True)
    ]
    return np.array(bounded)


def _signals(
    why: Explanation, moment: Moment, desk: Standing, change: tuple[NDArray[np.bool_], list[float]]
) -> tuple[Signal, ...]:
    """The instruments whose target is off by more than the band, each with its explanation.

    `change` is which have moved (k,), and the targets.
    """
    moved, target = change
    return tuple(
        Signal(
            instrument=desk.seat.instruments[index],
            weight_before=desk.before[index],
            weight_after=target[index],
            price=float(moment.closes[-1, index]),
            score=float(why.scores[index]),
            base=float(why.base[index]),
            contributions=why.of(index),
            reason=why.reason(index),
        )
        for index in np.flatnonzero(moved).tolist()
    )


def _decision(
    moment: Moment, seat: Seat, target: list[float], signals: tuple[Signal, ...]
) -> Decision:
    prices = moment.closes[-1].tolist()
    return Decision(
        desk=seat.desk,
        organisation=seat.organisation,
        pod=moment.pod,
        bar_end=moment.bar_end,
        interval=seat.interval,
        policy_line=seat.policy_line,
        policy_version=seat.policy_version,
        lease_epoch=seat.lease_epoch,
        phase_epoch=moment.phase_epoch,
        weights=dict(zip(seat.instruments, target, strict=True)),
        prices={i: p for i, p in zip(seat.instruments, prices, strict=True) if p == p},
        signals=signals,
        published_wall=time.time(),
        synthetic=moment.synthetic,
    )
