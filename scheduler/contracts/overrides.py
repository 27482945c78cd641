"""Overrides and patches: what an operator may change about the plan."""

from datetime import date, datetime

from ai_pod.contracts.plan import Phase
from market.words import Word


class OverrideRequest(Word, frozen=True, kw_only=True):
    """`scope` is `all`, `pool:NAME` or `pod:NAME`.

    The end is required; without `starts` it holds from now on.
    """

    scope: str
    phase: Phase
    ends: datetime
    reason: str
    starts: datetime | None = None


class Override(Word, frozen=True, kw_only=True):
    id: str
    organisation: str
    scope: str
    phase: Phase
    starts: datetime
    ends: datetime
    reason: str
    owner: str
    created_at: datetime
    ended_at: datetime | None = None
    ended_by: str | None = None
    revision: int = 0


class PatchRequest(Word, frozen=True, kw_only=True):
    """An exchange closed ad hoc (`opens` and `closes` None), or opened at other times (UTC), on one
    day.
    """

    calendar: str
    day: date
    reason: str
    opens: datetime | None = None
    closes: datetime | None = None


class Patch(Word, frozen=True, kw_only=True):
    id: str
    organisation: str
    calendar: str
    day: date
    opens: datetime | None
    closes: datetime | None
    reason: str
    owner: str
    created_at: datetime
    withdrawn_at: datetime | None = None
    withdrawn_by: str | None = None
    revision: int = 0
