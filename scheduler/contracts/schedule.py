"""The plan as people look at it, and what a proposed override would change."""

from datetime import datetime

from ai_pod.contracts.plan import Plan, Segment
from market.words import Word


class DayMark(Word, frozen=True, kw_only=True):
    """Something remarkable about a day: `holiday`, `half day`, `DST`, `patch`, `lunch break`."""

    day: str
    kind: str
    detail: str


class PodPhase(Word, frozen=True, kw_only=True):
    """What a pod reports, against the plan. `late_seconds` is real time, 0 when it agrees."""

    pod: str
    pool: str
    actual: str
    wanted: str
    late_seconds: float


class ScheduleView(Word, frozen=True, kw_only=True):
    now: datetime
    speed: float
    plans: tuple[Plan, ...]
    marks: dict[str, tuple[DayMark, ...]]
    pods: tuple[PodPhase, ...]


class Change(Word, frozen=True, kw_only=True):
    """One stretch in which the phase differs; `pod` is None where it holds for the whole pool."""

    pool: str
    pod: str | None
    starts: datetime
    ends: datetime
    before: Segment
    after: Segment


class Preview(Word, frozen=True, kw_only=True):
    """What would change; `marks` are the remarkable days within the change. Empty changes: it would
    do nothing.
    """

    changes: tuple[Change, ...]
    marks: dict[str, tuple[DayMark, ...]]
    warnings: tuple[str, ...] = ()
