"""The gate: promotes what is better beyond doubt, and says plainly why it keeps the champion."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ai_pod.agents.learning.judging.evidence import BENCHMARKS, CHAMPION, Evidence
from ai_pod.agents.learning.judging.judgement import CHAMPION_KEPT, PROMOTED, judge
from ai_pod.agents.learning.judging.limits import CONTROL
from ai_pod.agents.learning.judging.outcomes import Record
from ai_pod.agents.learning.judging.protocol import Protocol
from backend.learning.metrics import METRICS

STEPS = 1260
WORDS = Path(__file__).parents[4] / "frontend/src/features/learning/metricWords.ts"
ENDS = (np.arange(STEPS + 1) * (365.25 / 252 * 86400e9)).astype(np.int64)
RANDOM = np.random.default_rng(5)
MARKET = RANDOM.normal(0.0003, 0.01, STEPS)


def record(own: np.ndarray, *, dear: float = 1e-5, turnover: float = 0.1) -> Record:
    """Books that follow the market and earn `own` (…, steps) on top."""
    growth = MARKET + own
    flat = np.ones(growth.shape)
    return Record(growth, growth - dear, turnover * flat, 0.2 * flat)


def evidence(edge: float, *, seeds: int = 8, seed: int = 1) -> Evidence:
    """A challenger that earns `edge` standard deviations of the market a step, in five paths of
    each seed that share half of their noise, and opponents that earn nothing of their own.
    """
    random = np.random.default_rng(seed)
    shared = random.normal(0.0, 0.003, STEPS)
    own = shared + random.normal(edge * 0.01, 0.003, (seeds, 5, STEPS))
    opponents = {name: record(random.normal(0.0, 0.003, STEPS)) for name in (CHAMPION, *BENCHMARKS)}
    return Evidence(10, ENDS, record(own), opponents, "rule:old@1", 8, Protocol())


GOOD = evidence(0.07)
NOTHING = evidence(0.0, seed=2)


def test_a_clear_edge_is_promoted() -> None:
    judged = judge(GOOD, NOTHING)
    assert judged.verdict == PROMOTED
    assert all(judged.checks.values())
    assert 0.0 < judged.interval[0] < judged.sharpe_difference < judged.interval[1]
    assert judged.spa.keys() == {CHAMPION, *BENCHMARKS} == judged.intervals.keys()
    assert judged.sentence.startswith(
        "Passed the gate: over 1260 unseen bars after costs, on 5 paths of 8"
    )
    assert judged.measures["years_needed"] < judged.measures["years_seen"]
    assert (judged.seeds, judged.paths, judged.trials) == (8, 40, 8)
    assert all(np.isfinite(value) for value in judged.measures.values())
    assert judged.measures.keys() <= METRICS.keys()


def test_the_page_has_a_name_for_every_number_check_and_unit() -> None:
    names = METRICS.keys() | judge(GOOD).checks.keys() | {m.unit for m in METRICS.values()}
    page = WORDS.read_text()
    for name in names:
        spelled = name if name.isidentifier() else f'"{name}"'
        assert page.count(f"    {spelled}: ") == 2, f"{name}: in English and in German"


def test_no_edge_keeps_the_champion_and_says_why() -> None:
    judged = judge(NOTHING)
    assert judged.verdict == CHAMPION_KEPT
    assert not judged.checks["better_than_champion"]
    assert not judged.wants_control
    assert judged.sentence.startswith("Champion kept: ")
    assert "the interval reaches to zero or below" in judged.sentence


def test_nothing_is_promoted_without_a_control_world() -> None:
    judged = judge(GOOD)
    assert judged.verdict == CHAMPION_KEPT
    assert judged.wants_control
    assert "no control world was run" in judged.sentence


def test_an_edge_in_the_control_world_refuses_the_verdict() -> None:
    judged = judge(GOOD, evidence(0.07, seed=3))
    assert judged.verdict == CHAMPION_KEPT
    assert [name for name, passed in judged.checks.items() if not passed] == [CONTROL]
    assert judged.measures["control_promoted"] == 1.0
    assert "in a world that has none" in judged.sentence


@pytest.mark.parametrize(
    ("changed", "check", "words"),
    [
        ({"trials": 10**9}, "not_luck_of_many_trials", "after 1000000000 trials"),
        ({"challengers": record(np.full((2, 5, STEPS), 0.0015))}, "enough_seeds", "2 seeds are"),
        ({"challengers": replace(GOOD.challengers, dear=MARKET - 1e-3 + np.zeros((8, 5, 1)))},
         "survives_double_costs", "at twice the costs"),
        ({"challengers": replace(GOOD.challengers, turnover=np.full((8, 5, STEPS), 1.5))},
         "turnover_in_bounds", "trades 150%"),
        ({"challengers": replace(GOOD.challengers, largest=np.full((8, 5, STEPS), 0.9))},
         "concentration_in_bounds", "holds 90%"),
        ({"opponents": GOOD.opponents | {"momentum": record(np.full(STEPS, 0.0025))}},
         "better_than_opponents", "beat momentum (p"),
    ],
)  # fmt: skip
def test_every_check_keeps_the_champion(changed: dict[str, object], check: str, words: str) -> None:
    judged = judge(replace(GOOD, **changed))  # type: ignore[arg-type]
    assert judged.verdict == CHAMPION_KEPT
    assert not judged.checks[check]
    assert not judged.wants_control
    assert words in judged.sentence


def test_one_deep_fall_on_one_path_keeps_the_champion() -> None:
    growth = GOOD.challengers.growth.copy()
    growth[3, 2, 600] -= 0.8
    judged = judge(replace(GOOD, challengers=replace(GOOD.challengers, growth=growth)))
    failed = [name for name, passed in judged.checks.items() if not passed]
    assert failed == ["drawdown_in_bounds", CONTROL]
    assert "out of proportion" in judged.sentence


def test_one_brilliant_seed_does_not_carry_the_others() -> None:
    growth = NOTHING.challengers.growth.copy()
    growth[0] += 0.01
    challengers = replace(NOTHING.challengers, growth=growth, dear=growth)
    judged = judge(replace(NOTHING, challengers=challengers))
    assert judged.verdict == CHAMPION_KEPT
    assert not judged.checks["better_than_champion"]


def test_a_small_edge_is_told_how_many_years_it_needs() -> None:
    judged = judge(evidence(0.03))
    assert judged.verdict == CHAMPION_KEPT
    assert judged.measures["years_needed"] > judged.measures["years_seen"]
    assert "years of bars to be told from luck, and 5.0 are there" in judged.sentence
