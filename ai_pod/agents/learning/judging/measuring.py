"""The evidence in numbers: what a verdict keeps, and the judgement compares with its limits."""

from dataclasses import dataclass

import numpy as np

from ai_pod.agents.learning.judging.comparisons import (
    at_one_volatility,
    backtest_overfitting,
    block_length,
    interquartile_mean,
    intervals_of_differences,
    sharpes,
    spa,
)
from ai_pod.agents.learning.judging.evidence import CHAMPION, Evidence
from ai_pod.agents.learning.statistics import (
    annualised,
    bars_per_year,
    expected_best,
    moments,
    probabilistic_sharpe,
    track_record_beyond_luck,
)
from ai_pod.policies.features import Array


@dataclass(frozen=True)
class Measured:
    """Sharpe ratios are annualised. `measures` by name; `intervals` (95 %) of the difference to
    each opponent, and `spa` the p-value against it, by the opponent's name.
    """

    measures: dict[str, float]
    intervals: dict[str, tuple[float, float]]
    spa: dict[str, float]


def measured(evidence: Evidence, confidence: float) -> Measured:
    """All numbers of a verdict.

    The lead over an opponent is, step by step, the mean of the middle half of the records at one
    volatility less the opponent's: its own mean is the interquartile mean of their Sharpe ratios
    less the opponent's. Where a candidate is one among others, it is the typical record: that whose
    Sharpe ratio is nearest to the interquartile mean.
    """
    growth = _flat(evidence.challengers.growth)
    theirs = np.stack([record.growth for record in evidence.opponents.values()])
    order = np.argsort(sharpes(growth), kind="stable")
    middle = order[len(order) // 4 : len(order) - len(order) // 4]
    leads = at_one_volatility(growth[middle]).mean(axis=0) - at_one_volatility(theirs)
    block = block_length(leads)
    bounds = intervals_of_differences(growth, theirs, block, seed=0)
    p_values = [spa(lead, block, seed=0) for lead in leads]
    mine = growth[_typical(growth)]
    names, ends = list(evidence.opponents), evidence.ends
    measures = {
        **_levels(evidence),
        **_luck(evidence, leads, confidence),
        "pbo": backtest_overfitting(np.vstack([mine, theirs])),
        "spa_p_max": max(p_values),
        "block_steps": float(block),
        "years_seen": len(ends) / bars_per_year(ends),
    }
    return Measured(
        measures,
        {
            name: (annualised(low, ends), annualised(high, ends))
            for name, (low, high) in zip(names, bounds.tolist(), strict=True)
        },
        dict(zip(names, p_values, strict=True)),
    )


def _levels(evidence: Evidence) -> dict[str, float]:
    """How good, and how wild: Sharpe ratios over all seeds and paths, the worst path's excesses."""
    mine, champion = evidence.challengers, evidence.opponents[CHAMPION]

    def year(ratio: Array) -> float:
        return annualised(float(ratio), evidence.ends)

    falls = [drawdowns(record.growth) for record in evidence.opponents.values()]
    return {
        "sharpe_iqm": year(interquartile_mean(sharpes(_flat(mine.growth)))),
        "sharpe_iqm_dear": year(interquartile_mean(sharpes(_flat(mine.dear)))),
        "champion_sharpe": year(sharpes(champion.growth)),
        "champion_sharpe_dear": year(sharpes(champion.dear)),
        "max_drawdown": float(drawdowns(mine.growth).max()),
        "opponents_drawdown": float(max(falls)),
        "turnover": float(mine.turnover.mean(axis=-1).max()),
        "concentration": float(mine.largest.mean(axis=-1).max()),
    }


def _luck(evidence: Evidence, leads: Array, confidence: float) -> dict[str, float]:
    """The deflated Sharpe ratio of the lead over the champion, and the years that a lead like this
    one needs against the opponent that is hardest to beat.

    Luck is the lead that the best of all trials would show; as a Sharpe ratio of the series it is
    set against, it is divided by that series' deviation.
    """
    steps = leads.shape[1]
    champion = at_one_volatility(evidence.opponents[CHAMPION].growth)
    trials = at_one_volatility(evidence.challengers.growth) - champion
    spread, alike = _spread(trials)
    best = expected_best(evidence.trials, spread)
    mine = leads[list(evidence.opponents).index(CHAMPION)]
    hardest = leads[int(sharpes(leads).argmin())]
    ratio, _, skew, kurtosis = moments(hardest)
    luck = _in_deviations(best, hardest) * np.sqrt(steps - 1.0)
    periods = track_record_beyond_luck(ratio, skew, kurtosis, luck, confidence)
    measures = {
        "deflated_sharpe": probabilistic_sharpe(*moments(mine), against=_in_deviations(best, mine)),
        "luck_sharpe": annualised(best, evidence.ends),
        "trials_alike": alike,
    }
    if np.isfinite(periods):
        measures["years_needed"] = float(periods / bars_per_year(evidence.ends))
    return measures


def _in_deviations(lead: float, series: Array) -> float:
    return lead / max(float(series.std()), 1e-9)


def _spread(trials: Array) -> tuple[float, float]:
    """How far skill-less trials' leads lie apart (standard deviation), from the seeds' own, step by
    step (seeds, paths, steps); and how alike the trials are (mean correlation).

    As the seeds' means do (ddof 1), at least as chance sets such correlated series apart: their
    deviation times √((1 - correlation) / (n - 1)).
    """
    seeds, _, steps = trials.shape
    chance = float(trials.var(axis=-1).mean()) / (steps - 1.0)
    if seeds < 2:
        return float(np.sqrt(chance)), 0.0
    variance = float(trials.mean(axis=-1).var(axis=0, ddof=1).mean())
    normed = at_one_volatility(trials - trials.mean(axis=-1, keepdims=True))
    together = (normed.sum(axis=0) ** 2).mean(axis=-1) - (normed**2).mean(axis=-1).sum(axis=0)
    alike = float(np.clip(together.mean() / (seeds * (seeds - 1)), 0.0, 1.0))
    return float(np.sqrt(max(variance, (1.0 - alike) * chance))), alike


def drawdowns(growth: Array) -> Array:
    """The deepest fall from a peak (…,) of log growth (…, steps), as a share of the peak."""
    worth = np.concatenate([np.zeros((*growth.shape[:-1], 1)), growth.cumsum(axis=-1)], axis=-1)
    falls: Array = (1.0 - np.exp(worth - np.maximum.accumulate(worth, axis=-1))).max(axis=-1)
    return falls


def _typical(growth: Array) -> int:
    ratios = sharpes(growth)
    return int(np.abs(ratios - interquartile_mean(ratios)).argmin())


def _flat(records: Array) -> Array:
    """Seeds and paths (s, p, steps) as one axis (s·p, steps)."""
    return records.reshape(-1, records.shape[-1])
