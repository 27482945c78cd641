"""The decision itself, pure: closes and what desks hold → target weights, and the signals of those
that moved, for all desks that share a policy and its instruments at once.
"""

import time
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from msgspec import structs

from ai_pod.contracts.seats import Seat
from ai_pod.contracts.signals import BAND, Decision, Fault, Signal
from ai_pod.policies.explain import Explanation, explain, reason
from ai_pod.policies.features import Array, Observations, observe
from ai_pod.policies.policy import GROSS, Policy, apply_profile

ROUNDING = 1e-9
MOST_DETAIL = 500


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
    """The policy could not decide: its weights are none for these instruments, or it failed."""

    def __init__(self, fault: Fault, detail: str) -> None:
        super().__init__(detail)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class _Change:
    """What a decision does to a desk: its targets, which of them are off by more than BAND, what it
    saw, and what its risk profile has cut.
    """

    desk: Standing
    targets: list[float]
    moved: list[int]
    observation: bytes
    limits: dict[str, float]


def decide(policy: Policy, moment: Moment, desks: list[Standing]) -> list[Decision]:
    """One decision for each desk, in their order. Raises PolicyMisfit.

    While the window is incomplete the desks keep what they hold.
    """
    if moment.features is None:
        return [_decision(moment, _kept(desk), ()) for desk in desks]
    held = np.array([desk.held for desk in desks])
    observations = observe(moment.features, held)
    wanted = _act(policy, observations, held.shape)
    targets = _bounded(wanted, desks)
    moved = np.abs(targets - np.array([desk.before for desk in desks])) > BAND
    changes = [
        _Change(desk, row, np.flatnonzero(off).tolist(), seen.tobytes(), _cut(desk.seat, gross))
        for desk, row, off, seen, gross in zip(
            desks,
            targets.tolist(),
            moved,
            observations,
            np.abs(wanted).sum(axis=1).tolist(),
            strict=True,
        )
    ]
    signals = _signals(policy, moment, observations, changes)
    return [_decision(moment, change, signals.get(row, ())) for row, change in enumerate(changes)]


def faulted(moment: Moment, desk: Standing, fault: Fault, detail: str) -> Decision:
    """The decision of a desk whose policy could not decide: it keeps what it holds."""
    kept = _decision(moment, _kept(desk), ())
    return structs.replace(kept, fault=fault, fault_detail=detail[:MOST_DETAIL])


def _kept(desk: Standing) -> _Change:
    return _Change(desk, desk.held, [], b"", {})


def _cut(seat: Seat, gross: float) -> dict[str, float]:
    """What the desk's risk profile takes from so much gross exposure."""
    limit = GROSS[seat.risk_profile]
    if gross <= limit + ROUNDING:
        return {}
    return {"wanted_gross": gross, "profile_gross": limit, "scale": limit / gross}


def _act(policy: Policy, observations: Observations, shape: tuple[int, ...]) -> Array:
    try:
        weights = policy.act(observations)
    # The boundary to a policy's code: whatever it raises is its desks' fault and nobody else's.
    except Exception as error:
        raise PolicyMisfit(Fault.RAISED, f"{policy.version}: {error!r}") from error
    if weights.shape != shape:
        detail = f"{policy.version}: weights of shape {weights.shape}, not {shape}"
        raise PolicyMisfit(Fault.MISFIT, detail)
    if not np.isfinite(weights).all():
        raise PolicyMisfit(Fault.MISFIT, f"{policy.version}: weights that are no numbers")
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
    try:
        why = explain(policy, observations[rows])
    # As above.
    except Exception as error:
        raise PolicyMisfit(Fault.RAISED, f"{policy.version}: unexplained, {error!r}") from error
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


def _decision(moment: Moment, change: _Change, signals: tuple[Signal, ...]) -> Decision:
    seat = change.desk.seat
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
        weights=dict(zip(seat.instruments, change.targets, strict=True)),
        prices=moment.prices,
        signals=signals,
        published_wall=time.time(),
        synthetic=moment.synthetic,
        observation=change.observation,
        limits=change.limits,
    )
