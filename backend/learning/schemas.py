"""Policy lines, policies and verdicts on the wire."""

from datetime import datetime

from pydantic import Field

from backend.schemas import Schema
from market.words import Interval


class PolicyView(Schema):
    """A policy that the line has known. `predecessor` is what a rollback returns to."""

    id: str
    trial_id: str | None
    sharpe: float | None
    predecessor: str | None
    promoted_at: datetime | None


class LineView(Schema):
    """A policy line and its champion."""

    id: str
    pool: str
    instruments: list[str]
    interval: Interval
    risk_profile: str
    champion: str
    trials: int
    revision: int
    desks: int


class LineDetail(LineView):
    """With the policies of its lineage, newest first."""

    policies: list[PolicyView]


class CompetitorView(Schema):
    """One row of the verdict's table: after costs, over its window."""

    name: str
    policy: str | None
    sharpe: float
    total_return: float
    max_drawdown: float
    turnover: float


class VerdictView(Schema):
    """What the gate said, and every number that it rests on.

    `moved`: it said promoted, and the champion it was judged against still stood.
    """

    id: str
    policy_line: str
    night: str
    verdict: str
    moved: bool
    champion: str
    challenger: str
    sentence: str
    window_from: datetime
    window_to: datetime
    bars: int
    seeds: int
    trials: int
    sharpe_difference: float
    interval_low: float
    interval_high: float
    cost_bps: float
    competitors: list[CompetitorView]
    checks: dict[str, bool]
    synthetic: bool
    protocol: dict[str, float]
    measures: dict[str, float]
    spa: dict[str, float]
    intervals: dict[str, tuple[float, float]]
    paths: int
    trial_records: int
    at: datetime


class Rollback(Schema):
    """Who asks for a rollback says from which champion, so that two do not roll back twice."""

    champion: str = Field(min_length=1, max_length=200)
    reason: str = Field(min_length=1, max_length=500)


class PlaceInLine(Schema):
    """A policy's place in one line."""

    policy_line: str
    champion: bool
    trial_id: str | None
    sharpe: float | None
    predecessor: str | None
    promoted_at: datetime | None


class PolicyDetail(Schema):
    """A policy and the organisation's lines that know it."""

    id: str
    lines: list[PlaceInLine]
