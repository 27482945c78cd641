"""What the learning agent announces on `ai:learning`: trials, challengers, verdicts."""

from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from msgspec import field

from ai_pod.contracts.seats import RiskProfile
from market.words import Interval, Word


class WatchKind(StrEnum):
    """A challenger that passed the gate, in shadow; a champion since its promotion, in review."""

    SHADOW = "shadow"
    REVIEW = "review"


class Watch(Word, frozen=True, kw_only=True):
    """What a night replays: `policy` beside `against`, over the market sessions that opened at or
    after `since`, at most `sessions` of them (0: all there are).

    It is refuted below `confidence`'s bound of the paired difference, or when its drawdown is above
    the other's times `drawdown_allowance` plus `drawdown_floor` (shares of the peak).
    """

    kind: WatchKind
    policy: str
    against: str
    since: datetime
    sessions: int = 0
    confidence: float = 0.95
    drawdown_allowance: float = 1.5
    drawdown_floor: float = 0.02


class PolicyLine(Word, frozen=True, kw_only=True):
    """What a policy is for. Desks subscribe to a line; its champion trades for all of them.

    `id` is `POOL/SYM+SYM/INTERVAL/PROFILE`, for example `XNYS/AAPL+IBM/15m/balanced`.
    """

    id: str
    organisation: str
    pool: str
    instruments: tuple[str, ...]
    interval: Interval
    risk_profile: RiskProfile
    champion: str
    trials: int = 0
    watched: tuple[Watch, ...] = ()


class TrialFinished(Word, frozen=True, kw_only=True, tag="trial_finished"):
    """One candidate was trained with one seed.

    Sharpe ratios are annualised, after costs, out of sample.
    """

    id: str
    organisation: str
    policy_line: str
    night: str
    seed: int
    algorithm: str
    steps: int
    cpu_seconds: float
    sharpe: float
    policy: str
    at: datetime
    v: int = 1


class Competitor(Word, frozen=True, kw_only=True):
    """One row of a verdict's table, over the verdict's window, after costs."""

    name: str
    policy: str | None
    sharpe: float
    total_return: float
    max_drawdown: float
    turnover: float


class EquityLine(Word, frozen=True, kw_only=True):
    """How a competitor did over a verdict's window, after costs: what 1 became, and how deep it was
    below its peak (a share of it).

    A challenger's `equity` is the mean over its seeds and paths; its `drawdown` the deepest of any.
    """

    name: str
    equity: tuple[float, ...]
    drawdown: tuple[float, ...]


class EquityLines(Word, frozen=True, kw_only=True):
    """Every competitor's, at these instants; drawdowns are the deepest since the one before."""

    ends: tuple[datetime, ...]
    lines: tuple[EquityLine, ...]


class VerdictReached(Word, frozen=True, kw_only=True, tag="verdict_reached"):
    """The gate's judgement: `promoted` (it passed the gate; what follows is shadow sessions and
    approval), or `champion_kept`; the numbers that say why in one plain `sentence`.

    `protocol` holds the test's parameters, `measures` what it measured, both by name; `spa` the
    p-value against each benchmark, `intervals` those of paired differences (95 %, annualised Sharpe
    ratios). `paths` were tested; `trial_records` are the trials of the line that the gate knew of.
    `equity` is missing of verdicts that were reached before it was told.
    """

    id: str
    organisation: str
    policy_line: str
    night: str
    verdict: str
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
    competitors: tuple[Competitor, ...]
    checks: dict[str, bool]
    at: datetime
    synthetic: bool = False
    protocol: dict[str, float] = field(default_factory=dict)
    measures: dict[str, float] = field(default_factory=dict)
    spa: dict[str, float] = field(default_factory=dict)
    intervals: dict[str, tuple[float, float]] = field(default_factory=dict)
    paths: int = 0
    trial_records: int = 0
    equity: EquityLines | None = None
    v: int = 1


class SessionResult(Word, frozen=True, kw_only=True):
    """One market session of a replay, after costs: log growth of the watched policy and of the one
    it is compared with.
    """

    day: str
    opens: datetime
    closes: datetime
    bars: int
    growth: float
    against: float


class ShadowReported(Word, frozen=True, kw_only=True, tag="shadow_reported"):
    """A sealed policy replayed over market sessions that opened after `since`, which nobody could
    know when its content hash was announced.

    `difference` is the mean log growth per bar, policy less `against`; `upper` its one-sided upper
    bound at `confidence`, null while there are too few bars for one. Drawdowns are shares of peaks.
    """

    id: str
    organisation: str
    policy_line: str
    night: str
    kind: WatchKind
    policy: str
    against: str
    since: datetime
    sessions: tuple[SessionResult, ...]
    difference: float
    upper: float | None
    confidence: float
    drawdown: float
    drawdown_limit: float
    refuted: bool
    sentence: str
    at: datetime
    synthetic: bool = False
    v: int = 1


class LearningProgressed(Word, frozen=True, kw_only=True, tag="learning_progressed"):
    """A training rollout's numbers in SB3's names (`rollout/ep_rew_mean`, `train/loss`, …).

    Which trial it is, `seed` and `fold` say (no fold: the challenger itself, or who wrote it did
    not tell); a `control` learns in a world without an edge.
    """

    organisation: str
    policy_line: str
    night: str
    seed: int
    step: int
    of_steps: int
    metrics: dict[str, float]
    at: datetime
    fold: int | None = None
    control: bool = False
    v: int = 1


LearningEvent: TypeAlias = TrialFinished | VerdictReached | ShadowReported | LearningProgressed
