"""The decision itself, pure: closes and what desks hold → target weights, and the signals of those
that moved, for all desks that share a policy and its instruments at once.
"""

import time
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from ai_pod.contracts.seats import Seat
from ai_pod.contracts.signals import BAND, Decision, Signal
from ai_pod.policies.explain import Explanation, explain, reason
from ai_pod.policies.features import Array, Observations, observe
from ai_pod.policies.policy import Policy, apply_profile


@dataclass(frozen=True, slots=True)
class Moment:
    """One bar as the pod sees it: the closes that are known and, once the features' whole window is
    for every instrument, their features (k, 5).
    """

    pod: str
    phase_epoch: int
    bar_end: datetime
    prices: dict[str, float]
    features: Observations | None
    synthetic: bool


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


@dataclass(frozen=True, slots=True)
class _Change:
    """What a decision does to a desk: its targets, and which of them are off by more than BAND."""

    desk: Standing
    targets: list[float]
    moved: list[int]


def decide(policy: Policy, moment: Moment, desks: list[Standing]) -> list[Decision]:
    """One decision for each desk, in their order. Raises PolicyMisfit.

    While the window is incomplete the desks keep what they hold.
    """
    if moment.features is None:
        return [_decision(moment, desk.seat, desk.held, ()) for desk in desks]
    held = np.array([desk.held for desk in desks])
    observations = observe(moment.features, held)
    targets = _bounded(_act(policy, observations, held.shape), desks)
    moved = np.abs(targets - np.array([desk.before for desk in desks])) > BAND
    changes = [
        _Change(desk, row, np.flatnonzero(off).tolist())
        for desk, row, off in zip(desks, targets.tolist(), moved, strict=True)
    ]
    signals = _signals(policy, moment, observations, changes)
    return [
        _decision(moment, change.desk.seat, change.targets, signals.get(row, ()))
        for row, change in enumerate(changes)
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
    policy: Policy, moment: Moment, observations: Observations, changes: list[_Change]
) -> dict[int, tuple[Signal, ...]]:
    """The signals of the changes that have any, by row; explained together."""
    rows = [row for row, change in enumerate(changes) if change.moved]
    if not rows:
        return {}
    why = explain(policy, observations[rows])
    return {row: _told(changes[row], why, place, moment) for place, row in enumerate(rows)}


def _told(change: _Change, why: Explanation, row: int, moment: Moment) -> tuple[Signal, ...]:
    """The moved instruments, each with its explanation, which is the row of `why`."""
    scores, base = why.scores[row].tolist(), why.base[row].tolist()
    signals = []
    for index in change.moved:
        instrument, contributions = change.desk.seat.instruments[index], why.of(row, index)
        signals.append(
            Signal(
                instrument=instrument,
                weight_before=change.desk.before[index],
                weight_after=change.targets[index],
                price=moment.prices[instrument],
                score=scores[index],
                base=base[index],
                contributions=contributions,
                reason=reason(scores[index], contributions),
            )
        )
    return tuple(signals)


def _decision(
    moment: Moment, seat: Seat, target: list[float], signals: tuple[Signal, ...]
) -> Decision:
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
        prices=moment.prices,
        signals=signals,
        published_wall=time.time(),
        synthetic=moment.synthetic,
    )
