"""The gate: promotes what is better beyond doubt, and says plainly why it keeps the champion."""

from dataclasses import replace

import numpy as np
import pytest

from ai_pod.agents.learning.gate import CHAMPION_KEPT, PROMOTED, Evidence, judge
from ai_pod.agents.learning.statistics import deflated_sharpe
from ai_pod.policies.backtest import Run

BARS = 1000
ENDS = np.arange(BARS + 1, dtype=np.int64) * 900 * 10**9
MARKET = np.random.default_rng(0).normal(0.0, 0.002, BARS)


def run(name: str, edge: float, *, noise: float = 0.001, seed: int = 1) -> Run:
    """A book that follows the market and earns `edge` standard deviations a bar on top."""
    own = np.random.default_rng(seed).normal(edge * 0.002, noise, BARS)
    equity = 100.0 * np.exp(np.concatenate([[0.0], (MARKET + own).cumsum()]))
    nothing = np.zeros(BARS)
    return Run(name, ENDS, equity, nothing, nothing, np.zeros((BARS, 1)))


def evidence(edge: float) -> Evidence:
    challenger, champion = run("sha256:new", edge, seed=1), run("rule:old@1", 0.0, seed=2)
    return Evidence(
        challenger=challenger,
        champion=champion,
        benchmarks={"1/N": run("n", 0.0, seed=3), "cash": replace(champion, equity=0 * ENDS + 1.0)},
        challenger_dear=challenger,
        champion_dear=champion,
        candidates=[edge, edge, edge],
        trials=3,
    )


def test_a_clear_edge_is_promoted() -> None:
    judged = judge(evidence(0.3))
    assert judged.verdict == PROMOTED
    assert all(judged.checks.values())
    assert 0 < judged.interval[0] < judged.sharpe_difference < judged.interval[1]
    assert judged.sentence.startswith("Promoted: over 1000 unseen bars after costs")


def test_no_edge_keeps_the_champion_and_says_why() -> None:
    judged = judge(evidence(0.0))
    assert judged.verdict == CHAMPION_KEPT
    assert not judged.checks["better_than_champion"]
    assert judged.sentence.startswith("Champion kept: ")
    assert "the interval reaches to zero or below" in judged.sentence


@pytest.mark.parametrize(
    ("changed", "check", "words"),
    [
        ({"trials": 10**9, "candidates": [0.3, 0.1, 0.5]}, "not_luck_of_many_trials", "10000000"),
        ({"candidates": [0.3, 0.3]}, "enough_seeds", "only 2 seeds of 3 finished"),
        ({"challenger_dear": run("d", -0.1)}, "survives_double_costs", "at twice the costs"),
        ({"benchmarks": {"momentum": run("m", 0.9)}}, "better_than_benchmarks", "momentum did no"),
    ],
)
def test_every_check_alone_keeps_the_champion(
    changed: dict[str, object], check: str, words: str
) -> None:
    judged = judge(replace(evidence(0.3), **changed))  # type: ignore[arg-type]
    assert judged.verdict == CHAMPION_KEPT
    assert [name for name, passed in judged.checks.items() if not passed] == [check]
    assert words in judged.sentence


def test_a_deep_fall_keeps_the_champion() -> None:
    fine = evidence(0.5)
    equity = fine.challenger.equity.copy()
    equity[500:] *= 0.6
    fallen = replace(fine.challenger, equity=equity)
    judged = judge(replace(fine, challenger=fallen, challenger_dear=fallen))
    assert not judged.checks["drawdown_in_bounds"]
    assert "out of proportion" in judged.sentence


def test_a_few_seeds_are_a_sample_of_what_luck_does() -> None:
    """[0, 0.2, 0.4] deviate by 0.2: three seeds stand for many, so the mean costs one of them."""
    judged = judge(replace(evidence(0.3), candidates=[0.0, 0.2, 0.4]))
    growth = evidence(0.3).challenger.growth
    assert judged.deflated == pytest.approx(deflated_sharpe(growth, 3, 0.2), rel=1e-9)
    alone = judge(replace(evidence(0.3), candidates=[0.2], trials=1))
    assert alone.deflated == pytest.approx(deflated_sharpe(growth, 1, 0.0), rel=1e-9)


def test_worlds_without_an_edge_hardly_ever_promote() -> None:
    promoted = 0
    for seed in range(60):
        books = [run("x", 0.0, seed=100 * seed + i) for i in range(3)]
        judged = judge(
            replace(evidence(0.0), challenger=books[0], champion=books[1], challenger_dear=books[0])
        )
        promoted += judged.verdict == PROMOTED
    assert promoted <= 1
