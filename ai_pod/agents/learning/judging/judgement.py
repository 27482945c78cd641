"""The gate: promotes a challenger only when every check passes, and says in numbers why or why not.

It judges how a seed does as a rule, never how the best one did.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from ai_pod.agents.learning.judging.evidence import CHAMPION, Evidence
from ai_pod.agents.learning.judging.limits import CONTROL, Limits
from ai_pod.agents.learning.judging.measuring import measured
from ai_pod.agents.learning.judging.sentences import sentence

PROMOTED = "promoted"
CHAMPION_KEPT = "champion_kept"


@dataclass(frozen=True)
class Judgement:
    """As a verdict keeps it. `interval` (95 %) and `sharpe_difference` are against the champion,
    annualised.
    """

    verdict: str
    sentence: str
    checks: dict[str, bool]
    measures: dict[str, float]
    intervals: dict[str, tuple[float, float]]
    spa: dict[str, float]
    seeds: int
    paths: int
    trials: int
    control_run: bool

    @property
    def wants_control(self) -> bool:
        """Whether only the control world, which has not been run, keeps it from promotion."""
        return not self.control_run and self.passes_without_control

    @property
    def passes_without_control(self) -> bool:
        return all(passed for name, passed in self.checks.items() if name != CONTROL)

    @property
    def interval(self) -> tuple[float, float]:
        return self.intervals[CHAMPION]

    @property
    def sharpe_difference(self) -> float:
        return self.measures["sharpe_iqm"] - self.measures["champion_sharpe"]


def judge(
    evidence: Evidence, control: Evidence | None = None, limits: Limits | None = None
) -> Judgement:
    """Weigh the challenger against champion and benchmarks; `control` is the control world's
    evidence, without which nothing is promoted.
    """
    limits = limits or Limits()
    found = measured(evidence, limits.confidence)
    measures = found.measures
    fooled = control is not None and judge(control, None, limits).passes_without_control
    if control is not None:
        measures["control_promoted"] = float(fooled)
    checks = {
        **_checks(evidence, measures, limits),
        "better_than_champion": found.intervals[CHAMPION][0] > 0.0,
        "better_than_opponents": measures["spa_p_max"] <= 1.0 - limits.confidence,
        CONTROL: control is not None and not fooled,
    }
    verdict = PROMOTED if all(checks.values()) else CHAMPION_KEPT
    seeds, paths, _ = evidence.challengers.growth.shape
    return Judgement(
        verdict=verdict,
        sentence=sentence(evidence, found, checks, limits),
        checks=checks,
        measures=measures,
        intervals=found.intervals,
        spa=found.spa,
        seeds=seeds,
        paths=seeds * paths,
        trials=evidence.trials,
        control_run=control is not None,
    )


def _checks(evidence: Evidence, measures: Mapping[str, float], limits: Limits) -> dict[str, bool]:
    fall = limits.drawdown_ratio * measures["opponents_drawdown"] + limits.drawdown_allowance
    largest = max(limits.largest, 2.1 / evidence.instruments)
    return {
        "enough_seeds": evidence.challengers.growth.shape[0] >= limits.seeds,
        "not_luck_of_many_trials": measures["deflated_sharpe"] >= limits.confidence,
        "not_overfitted": measures["pbo"] <= limits.overfitting,
        "survives_double_costs": measures["sharpe_iqm_dear"] > measures["champion_sharpe_dear"],
        "drawdown_in_bounds": measures["max_drawdown"] <= fall,
        "turnover_in_bounds": measures["turnover"] <= limits.turnover,
        "concentration_in_bounds": measures["concentration"] <= largest,
    }
