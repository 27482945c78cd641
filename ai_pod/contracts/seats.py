"""Seat records: which desks a pod serves, written by the backend; the pod obeys them."""

from datetime import datetime
from enum import StrEnum

from market.words import Interval, Word


class RiskProfile(StrEnum):
    CAUTIOUS = "cautious"
    BALANCED = "balanced"
    BOLD = "bold"


class Seat(Word, frozen=True, kw_only=True):
    """One desk on a pod.

    `lease_epoch` fences: every decision carries it, and only the current one is executed.
    `resume_after` is the end of the last bar whose decision was recorded: the pod replays from
    there.
    `policy_version` is a policy id: `rule:NAME@V`, or an artifact's content hash.
    """

    desk: str
    organisation: str
    seat: int
    lease_epoch: int
    instruments: tuple[str, ...]
    interval: Interval
    policy_line: str
    policy_version: str
    risk_profile: RiskProfile
    resume_after: datetime | None = None


class PodSeats(Word, frozen=True, kw_only=True):
    """`ai:seats:{pod}`: all seats of the pod; `revision` rises with every write, a lower one is
    ignored.
    """

    pod: str
    revision: int
    seats: tuple[Seat, ...]
    v: int = 1
