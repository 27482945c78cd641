"""The gate: promotes a challenger only when every check passes, and says in numbers why or why not.

Pure; it sees runs over bars that no candidate was trained on, and knows how many were tried.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ai_pod.agents.learning.statistics import (
    annualised,
    deflated_sharpe,
    max_drawdown,
    sharpe,
    sharpe_difference_interval,
)
from ai_pod.policies.backtest import Run

PROMOTED = "promoted"
CHAMPION_KEPT = "champion_kept"

FEWEST_SEEDS = 3
SURE = 0.95
DRAWDOWN_ALLOWANCE = 1.5
DRAWDOWN_FLOOR = 0.02


@dataclass(frozen=True)
class Evidence:
    """Runs over the same held-out bars. `*_dear` are at twice the costs; `candidates` are the
    Sharpe ratios per bar of tonight's seeds, `trials` all that the line ever tried, these included.
    """

    challenger: Run
    champion: Run
    benchmarks: Mapping[str, Run]
    challenger_dear: Run
    champion_dear: Run
    candidates: Sequence[float]
    trials: int


@dataclass(frozen=True)
class Judgement:
    """Sharpe ratios annualised; the interval is of their difference, at 95 %."""

    verdict: str
    sentence: str
    checks: dict[str, bool]
    sharpe_difference: float
    interval: tuple[float, float]
    deflated: float


def judge(evidence: Evidence) -> Judgement:
    """Weigh the challenger against champion and benchmarks."""
    mine, theirs = evidence.challenger.growth, evidence.champion.growth
    ends = evidence.challenger.ends
    low, high = (annualised(bound, ends) for bound in sharpe_difference_interval(mine, theirs))
    deflated = deflated_sharpe(mine, evidence.trials, _spread(evidence))
    checks = {
        "enough_seeds": len(evidence.candidates) >= FEWEST_SEEDS,
        "better_than_champion": low > 0.0,
        "better_than_benchmarks": all(
            sharpe(mine) > sharpe(run.growth) for run in evidence.benchmarks.values()
        ),
        "not_luck_of_many_trials": deflated >= SURE,
        "survives_double_costs": _survives(evidence),
        "drawdown_in_bounds": _bounded(evidence),
    }
    difference = annualised(sharpe(mine) - sharpe(theirs), ends)
    verdict = PROMOTED if all(checks.values()) else CHAMPION_KEPT
    sentence = _sentence(evidence, checks, (low, high), deflated)
    return Judgement(verdict, sentence, checks, difference, (low, high), deflated)


def _spread(evidence: Evidence) -> float:
    """How far apart skill-less Sharpe ratios lie: as tonight's seeds do (a sample of a few, so
    ddof 1), at least as an estimate from so many bars does by chance, 1/√(n - 1).
    """
    chance = 1.0 / np.sqrt(len(evidence.challenger.growth) - 1)
    seeds = np.std(evidence.candidates, ddof=1) if len(evidence.candidates) > 1 else 0.0
    return float(max(chance, seeds))


def _survives(evidence: Evidence) -> bool:
    mine, theirs = evidence.challenger_dear.growth, evidence.champion_dear.growth
    return sharpe(mine) > max(0.0, sharpe(theirs))


def _bounded(evidence: Evidence) -> bool:
    allowed = max_drawdown(evidence.champion.equity) * DRAWDOWN_ALLOWANCE + DRAWDOWN_FLOOR
    return max_drawdown(evidence.challenger.equity) <= allowed


def _sentence(
    evidence: Evidence, checks: dict[str, bool], interval: tuple[float, float], deflated: float
) -> str:
    ends = evidence.challenger.ends
    mine = annualised(sharpe(evidence.challenger.growth), ends)
    theirs = annualised(sharpe(evidence.champion.growth), ends)
    compared = (
        f"over {len(ends) - 1} unseen bars after costs the challenger's Sharpe ratio is "
        f"{mine:.2f}, the champion's {theirs:.2f} "
        f"(95 % interval of the difference {interval[0]:+.2f} to {interval[1]:+.2f})"
    )
    if all(checks.values()):
        return (
            f"Promoted: {compared}, it beats every benchmark, also at twice the costs, and "
            f"{deflated:.0%} is the chance that it is no luck of {evidence.trials} trials."
        )
    failed = [_reasons(evidence, deflated)[name] for name, passed in checks.items() if not passed]
    return f"Champion kept: {compared}; {'; '.join(failed)}."


def _reasons(evidence: Evidence, deflated: float) -> dict[str, str]:
    mine = sharpe(evidence.challenger.growth)
    ahead = [n for n, run in evidence.benchmarks.items() if sharpe(run.growth) >= mine]
    fall = max_drawdown(evidence.challenger.equity)
    return {
        "enough_seeds": f"only {len(evidence.candidates)} seeds of {FEWEST_SEEDS} finished",
        "better_than_champion": "the interval reaches to zero or below",
        "better_than_benchmarks": f"{' and '.join(ahead)} did no worse",
        "not_luck_of_many_trials": (
            f"after {evidence.trials} trials the chance that it is no luck is {deflated:.0%}, "
            f"and {SURE:.0%} is needed"
        ),
        "survives_double_costs": "at twice the costs it does not beat the champion and cash",
        "drawdown_in_bounds": f"its drawdown of {fall:.1%} is out of proportion",
    }
