"""Policy lines, policies and verdicts on the wire."""

from datetime import datetime

from pydantic import Field

from backend.learning.rules import Promotion
from backend.schemas import Schema
from market.words import Interval


class ShadowView(Schema):
    """What the newest replay showed: of a challenger in shadow beside the champion, or of a
    champion since its promotion beside its predecessor (`kind` review).

    `difference` is the mean log growth per bar over the other's, `upper` its one-sided upper bound
    at `confidence`; null while there are too few bars.
    """

    kind: str
    night: str
    against: str
    since: datetime
    sessions: int
    difference: float
    upper: float | None
    confidence: float
    drawdown: float
    drawdown_limit: float
    refuted: bool
    sentence: str
    synthetic: bool
    at: datetime


class SessionView(Schema):
    """One market session of a replay: log growth after costs, and the other policy's."""

    day: str
    opens: datetime
    closes: datetime
    bars: int
    growth: float
    against: float


class ReportView(ShadowView):
    """A replay, session by session."""

    id: str
    policy: str
    by_session: list[SessionView]


class StageView(Schema):
    """Where a policy stands: `candidate`, `rejected`, `shadow`, `awaiting_approval`, `champion`,
    `replaced` or `rolled_back`, and why. `sessions` of `of_sessions` shadow sessions are done.
    """

    state: str
    why: str
    changed_at: datetime | None
    sessions: int
    of_sessions: int


class PolicyView(Schema):
    """A policy that the line has known. `against` is the champion that `verdict_id` judged it
    against; it was sealed at `sealed_at`. `predecessor` is what a rollback returns to.
    """

    id: str
    trial_id: str | None
    sharpe: float | None
    stage: StageView
    verdict_id: str | None
    against: str | None
    sealed_at: datetime | None
    shadow: ShadowView | None
    predecessor: str | None
    promoted_at: datetime | None


class RollbackTriggerView(Schema):
    """When a replay refutes a policy: the upper bound of the paired difference, at `confidence` for
    all looks together, is below zero; or the drawdown is above the other's times
    `drawdown_allowance` plus `drawdown_floor`.
    """

    confidence: float
    drawdown_allowance: float
    drawdown_floor: float


class LineSettingsView(Schema):
    """What holds for the line, by its own settings or the service's."""

    shadow_sessions: int
    promotion: Promotion
    rollback: RollbackTriggerView


class RollbackTriggerChange(Schema):
    """What is left out is as by default."""

    confidence: float | None = Field(default=None, gt=0.5, lt=1)
    drawdown_allowance: float | None = Field(default=None, ge=1, le=10)
    drawdown_floor: float | None = Field(default=None, ge=0, le=1)


class SettingsChange(Schema):
    """What is left out stays; null goes back to the service's setting."""

    shadow_sessions: int | None = Field(default=None, ge=0, le=250)
    promotion: Promotion | None = None
    rollback: RollbackTriggerChange | None = None


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
    """With its settings, and the policies of its lineage, newest first."""

    settings: LineSettingsView
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

    `stage`: where its challenger stands by now, null when another verdict judged it. `moved`: it
    has become champion. `intervals` are pairs, low and high.
    """

    id: str
    policy_line: str
    night: str
    verdict: str
    moved: bool
    stage: StageView | None
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
    intervals: dict[str, list[float]]
    paths: int
    trial_records: int
    at: datetime


class MetricView(Schema):
    """A number of a verdict: its `unit` (`a year`, `share`, `probability`, `correlation`, `years`,
    `bars`, `count`) and how it is taken; both are empty for what is not known here.
    """

    name: str
    value: float
    unit: str
    how: str


class EquityLineView(Schema):
    """What 1 became after costs, and how deep it was below its peak; of a challenger the mean over
    its seeds and paths, and the deepest of any.
    """

    name: str
    equity: list[float]
    drawdown: list[float]


class EquityLinesView(Schema):
    """The competitors' lines at the same instants."""

    ends: list[datetime]
    lines: list[EquityLineView]


class SheetView(Schema):
    """A verdict's tear sheet. `equity` is null of verdicts that were reached before it was kept."""

    verdict: VerdictView
    measures: list[MetricView]
    protocol: list[MetricView]
    equity: EquityLinesView | None


class CurvePoint(Schema):
    """A rollout's numbers, in SB3's names."""

    step: int
    metrics: dict[str, float]


class CurveView(Schema):
    """One trial's way: a seed on a fold (none: the challenger itself); `control` is a trial in a
    world without an edge.
    """

    seed: int
    fold: int | None
    control: bool
    of_steps: int
    points: list[CurvePoint]


class CurvesView(Schema):
    """What is still told of a night's training, raw. `nights` are those that are, newest first;
    `metrics` the names that occur; `as_of` the last rollout's market time.
    """

    night: str | None
    nights: list[str]
    metrics: list[str]
    as_of: datetime | None
    curves: list[CurveView]


class Rollback(Schema):
    """Who asks for a rollback says from which champion, so that two do not roll back twice."""

    champion: str = Field(min_length=1, max_length=200)
    reason: str = Field(min_length=1, max_length=500)


class Approval(Schema):
    """A person's word on a challenger, with the reason for the audit."""

    policy: str = Field(min_length=1, max_length=200)
    reason: str = Field(min_length=1, max_length=500)


class PlaceInLine(Schema):
    """A policy's place in one line."""

    policy_line: str
    champion: bool
    state: str
    trial_id: str | None
    sharpe: float | None
    predecessor: str | None
    promoted_at: datetime | None


class PolicyDetail(Schema):
    """A policy and the organisation's lines that know it."""

    id: str
    lines: list[PlaceInLine]
