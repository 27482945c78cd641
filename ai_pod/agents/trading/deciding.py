"""The decision itself, pure: closes and what desks hold → target weights, and the signals of those
that moved, for all desks that share a policy and its instruments at once.
"""

import time
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from ai_pod.contracts.seats import Seat
from ai_pod.contracts.signals import BAND, Decision, Signal
from ai_pod.policies.explain import explain
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
    held: Array
    before: Array


class PolicyMisfit(Exception):
    """The policy's weights are no weights for these instruments."""


def decide(policy: Policy, moment: Moment, desks: list[Standing]) -> list[Decision]:
    """One decision for each desk, in their order. Raises PolicyMisfit.

    While the window is incomplete the desks keep what they hold.
    """
    if not moment.complete:
        return [_decision(moment, desk, desk.held, ()) for desk in desks]
    observations = observe(moment.closes, np.array([desk.held for desk in desks]))
    wanted = _act(policy, observations, desks)
    decisions = []
    for desk, observation, weights in zip(desks, observations, wanted, strict=True):
        target = apply_profile(weights, desk.seat.risk_profile)
        signals = _signals(policy, moment, desk, observation, target)
        decisions.append(_decision(moment, desk, target, signals))
    return decisions


def _act(policy: Policy, observations: Observations, desks: list[Standing]) -> Array:
    try:
        weights = policy.act(observations)
    except ValueError as error:
        raise PolicyMisfit(f"{policy.version}: {error}") from error
    shape = (len(desks), len(desks[0].held))
    if weights.shape != shape:
        raise PolicyMisfit(f"{policy.version}: weights of shape {weights.shape}, not {shape}")
    if not np.isfinite(weights).all():
        raise PolicyMisfit(f"{policy.version}: weights that are no numbers")
    return weights


def _signals(
    policy: Policy, moment: Moment, desk: Standing, observation: Observations, target: Array
) -> tuple[Signal, ...]:
    """The instruments whose target is off by more than the band, each with its explanation."""
    moved = np.flatnonzero(np.abs(target - desk.before) > BAND)
    if not len(moved):
        return ()
    why = explain(policy, observation)
    return tuple(
        Signal(
            instrument=desk.seat.instruments[index],
            weight_before=float(desk.before[index]),
            weight_after=float(target[index]),
            price=float(moment.closes[-1, index]),
            score=float(why.scores[index]),
            base=float(why.base[index]),
            contributions=why.of(index),
            reason=why.reason(index),
        )
        for index in moved.tolist()
    )


def _decision(
    moment: Moment, desk: Standing, target: Array, signals: tuple[Signal, ...]
) -> Decision:
    seat = desk.seat
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
        weights=dict(zip(seat.instruments, target.tolist(), strict=True)),
        prices={i: p for i, p in zip(seat.instruments, prices, strict=True) if p == p},
        signals=signals,
        published_wall=time.time(),
        synthetic=moment.synthetic,
    )
