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
    """All numbers of a verdict. Where a test takes one record, it takes the typical one: that whose
    Sharpe ratio is nearest to the interquartile mean of all.
    """
    growth = _flat(evidence.challengers.growth)
    mine = growth[_typical(growth)]
    theirs = np.stack([record.growth for record in evidence.opponents.values()])
    ahead = at_one_volatility(mine) - at_one_volatility(theirs)
    block = block_length(ahead)
    bounds = intervals_of_differences(growth, theirs, block, seed=0)
    p_values = [spa(one, block, seed=0) for one in ahead]
    names, ends = list(evidence.opponents), evidence.ends
    measures = {
        **_levels(evidence),
        **_luck(evidence, ahead, confidence),
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


def _luck(evidence: Evidence, ahead: Array, confidence: float) -> dict[str, float]:
    """The deflated Sharpe ratio of being ahead of the champion, and the years that an edge like
    this one needs against the opponent that is hardest to beat.
    """
    steps = ahead.shape[1]
    champion = at_one_volatility(evidence.opponents[CHAMPION].growth)
    trials = at_one_volatility(evidence.challengers.growth) - champion
    spread, alike = _spread(trials)
    best = expected_best(evidence.trials, spread)
    against = list(evidence.opponents).index(CHAMPION)
    deflated = probabilistic_sharpe(*moments(ahead[against]), against=best)
    hardest = ahead[int(sharpes(ahead).argmin())]
    ratio, _, skew, kurtosis = moments(hardest)
    luck = best * np.sqrt(steps - 1.0)
    periods = track_record_beyond_luck(ratio, skew, kurtosis, luck, confidence)
    measures = {
        "deflated_sharpe": deflated if ahead[against].any() else 0.0,
        "luck_sharpe": annualised(best, evidence.ends),
        "trials_alike": alike,
    }
    if np.isfinite(periods):
        measures["years_needed"] = periods / bars_per_year(evidence.ends)
    return measures


def _spread(trials: Array) -> tuple[float, float]:
    """How far skill-less trials' Sharpe ratios lie apart (standard deviation), from their growth
    (seeds, paths, steps); and how alike the trials are (mean correlation).

    As the seeds' ratios do (ddof 1), at least as chance sets such correlated series apart:
    √((1 - correlation) / (n - 1)).
    """
    seeds, _, steps = trials.shape
    if seeds < 2:
        return 1.0 / np.sqrt(steps - 1.0), 0.0
    variance = float(sharpes(trials).var(axis=0, ddof=1).mean())
    normed = at_one_volatility(trials - trials.mean(axis=-1, keepdims=True))
    together = (normed.sum(axis=0) ** 2).mean(axis=-1) - (normed**2).mean(axis=-1).sum(axis=0)
    alike = float(np.clip(together.mean() / (seeds * (seeds - 1)), 0.0, 1.0))
    return float(np.sqrt(max(variance, (1.0 - alike) / (steps - 1.0)))), alike


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
