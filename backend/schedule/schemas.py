"""The scheduler's words for the public API; the fields are those of its contracts."""

from datetime import datetime
from typing import Annotated

from pydantic import AwareDatetime, Field

from ai_pod.contracts.plan import Phase
from backend.schemas import Schema
from scheduler.contracts.overrides import OverrideRequest


class SegmentView(Schema):
    """One phase over [starts, ends), and why."""

    phase: Phase
    starts: datetime
    ends: datetime
    reason: str
    override: str | None


class PlanView(Schema):
    """A pool's segments; `exceptions` replace them for single pods."""

    pool: str
    version: int
    computed_at: datetime
    segments: list[SegmentView]
    exceptions: dict[str, list[SegmentView]]
    warm_up_seconds: float
    flush_seconds: float


class DayMarkView(Schema):
    """Something remarkable about a day: `holiday`, `half day`, `DST`, `patch`, `lunch break`."""

    day: str
    kind: str
    detail: str


class PodPhaseView(Schema):
    """What a pod reports, against the plan."""

    pod: str
    pool: str
    actual: str
    wanted: str
    late_seconds: float


class ScheduleAnswer(Schema):
    """`now` is market time, which runs at `speed`."""

    now: datetime
    speed: float
    plans: list[PlanView]
    marks: dict[str, list[DayMarkView]]
    pods: list[PodPhaseView]


class ChangeView(Schema):
    """One stretch in which the phase would differ."""

    pool: str
    pod: str | None
    starts: datetime
    ends: datetime
    before: SegmentView
    after: SegmentView


class PreviewAnswer(Schema):
    """What an override would change; no changes: it would do nothing."""

    changes: list[ChangeView]
    marks: dict[str, list[DayMarkView]]
    warnings: list[str]


class OverrideBody(Schema):
    """`scope` is `all`, `pool:NAME` or `pod:NAME`; market time; the end is required."""

    scope: Annotated[str, Field(min_length=1, max_length=120, examples=["pool:XNYS"])]
    phase: Phase
    ends: AwareDatetime
    reason: Annotated[str, Field(min_length=1, max_length=500)]
    starts: AwareDatetime | None = None

    def request(self) -> OverrideRequest:
        return OverrideRequest(
            scope=self.scope,
            phase=self.phase,
            ends=self.ends,
            reason=self.reason,
            starts=self.starts,
        )


class OverrideView(Schema):
    id: str
    organisation: str
    scope: str
    phase: Phase
    starts: datetime
    ends: datetime
    reason: str
    owner: str
    created_at: datetime
    ended_at: datetime | None
    ended_by: str | None
    revision: int
