"""What the learning agent announces on `ai:learning`: trials, challengers, verdicts."""

from datetime import datetime
from typing import TypeAlias

from msgspec import field

from ai_pod.contracts.seats import RiskProfile
from market.words import Interval, Word


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


class VerdictReached(Word, frozen=True, kw_only=True, tag="verdict_reached"):
    """The gate's judgement: `promoted` (it passed the gate; what follows is shadow sessions and
    approval), or `champion_kept`; the numbers that say why in one plain `sentence`.

    `protocol` holds the test's parameters, `measures` what it measured, both by name; `spa` the
    p-value against each benchmark, `intervals` those of paired differences (95 %, annualised Sharpe
    ratios). `paths` were tested; `trial_records` are the trials of the line that the gate knew of.
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
    v: int = 1


class LearningProgressed(Word, frozen=True, kw_only=True, tag="learning_progressed"):
    """A training rollout's numbers in SB3's names (`rollout/ep_rew_mean`, `train/loss`, …)."""

    organisation: str
    policy_line: str
    night: str
    seed: int
    step: int
    of_steps: int
    metrics: dict[str, float]
    at: datetime
    v: int = 1


LearningEvent: TypeAlias = TrialFinished | VerdictReached | LearningProgressed
