"""A judgement in one plain sentence, with the numbers that decided it."""

from collections.abc import Mapping

from ai_pod.agents.learning.judging.evidence import CHAMPION, Evidence
from ai_pod.agents.learning.judging.limits import CONTROL, Limits
from ai_pod.agents.learning.judging.measuring import Measured


def sentence(
    evidence: Evidence, found: Measured, checks: Mapping[str, bool], limits: Limits
) -> str:
    """Why the challenger passed the gate, or why the champion is kept."""
    compared, measures = _compared(evidence, found), found.measures
    if all(checks.values()):
        return (
            f"Passed the gate: {compared}; it beats every opponent (largest p-value "
            f"{measures['spa_p_max']:.3f}), also at twice the costs, "
            f"{measures['deflated_sharpe']:.0%} is the chance that it is no luck of "
            f"{evidence.trials} trials, and no edge was found in a world that has none."
        )
    failed = [
        _reasons(evidence, found, limits)[name] for name, passed in checks.items() if not passed
    ]
    return f"Champion kept: {compared}; {'; '.join(failed)}{_patience(measures)}."


def _compared(evidence: Evidence, found: Measured) -> str:
    seeds, paths, steps = evidence.challengers.growth.shape
    low, high = found.intervals[CHAMPION]
    return (
        f"over {steps} unseen bars after costs, on {paths} paths of {seeds} seeds, the "
        f"challenger's Sharpe ratio is {found.measures['sharpe_iqm']:.2f}, the champion's "
        f"{found.measures['champion_sharpe']:.2f} (95 % interval of the difference {low:+.2f} "
        f"to {high:+.2f})"
    )


def _reasons(evidence: Evidence, found: Measured, limits: Limits) -> dict[str, str]:
    measures = found.measures
    level = 1.0 - limits.confidence
    ahead = [f"{name} (p {value:.2f})" for name, value in found.spa.items() if value > level]
    return {
        "enough_seeds": f"{len(evidence.challengers.growth)} seeds are too few evidence, "
        f"{limits.seeds} are needed",
        "not_luck_of_many_trials": f"after {evidence.trials} trials the chance that it is no luck "
        f"is {measures['deflated_sharpe']:.0%}, and {limits.confidence:.0%} is needed",
        "not_overfitted": f"the best in one half of the past is in the lower half of the rest with "
        f"a probability of {measures['pbo']:.0%}",
        "survives_double_costs": "at twice the costs it does not beat the champion",
        "drawdown_in_bounds": f"on one path it falls by {measures['max_drawdown']:.1%}, out of "
        "proportion to its opponents",
        "turnover_in_bounds": f"it trades {measures['turnover']:.0%} of its equity a bar",
        "concentration_in_bounds": f"it holds {measures['concentration']:.0%} of its equity in one "
        "instrument",
        "better_than_champion": "the interval reaches to zero or below",
        "better_than_opponents": f"it is not shown to beat {' and '.join(ahead)}",
        CONTROL: "no control world was run"
        if "control_promoted" not in measures
        else "the same protocol finds an edge in a world that has none, so nothing it finds counts",
    }


def _patience(measures: Mapping[str, float]) -> str:
    needed, seen = measures.get("years_needed"), measures["years_seen"]
    if needed is None or needed <= seen or needed > 1000.0:
        return ""
    return (
        f"; an edge like this needs {needed:.1f} years of bars to be told from luck, and "
        f"{seen:.1f} are there"
    )
