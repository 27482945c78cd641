"""How often the gate is right: on worlds without an edge, on worlds with one, and what a night of
it costs.

The gate's own code on learners that cost next to nothing (`ppo=N`: N worlds of each kind with the
night's PPO; `full=1`: one whole protocol for 20 instruments with it). Worlds that a run reports are
drawn from seeds that nothing was chosen by.
"""

import multiprocessing
import os
import sys
import time
from collections.abc import Iterable, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np

from ai_pod.agents.learning.judging.outcomes import outcome_of
from ai_pod.agents.learning.judging.protocol import Protocol, folds
from ai_pod.policies.backtest import Terms, World
from shiftdesk.options import chosen
from shiftdesk.proving.examining import Finding, Job, examine
from shiftdesk.proving.ideal import EDGES, ideal_sharpe, scaled
from shiftdesk.proving.power import Point, write
from shiftdesk.proving.worlds import NO_EDGE, draw

FACTORS = (0.25, 0.5, 0.75)
"""Shares of the edges' strength on the power curve, between none and all of it."""

FIRST_NULL, FIRST_EDGE, FIRST_POWER, FIRST_PPO, FULL = 1, 10_001, 20_001, 30_001, 40_001
FULL_INSTRUMENTS = 20
FEWER = Protocol(groups=4)
"""Of the worlds with PPO: six folds, so that ten worlds end within the hour."""

Figures = dict[str, float]


@dataclass(frozen=True)
class Settings:
    """Numbers of worlds; `full` and `estimate` are 0 or 1, `pictures` and `kept` folders."""

    null: int = 200
    edge: int = 90
    power: int = 30
    ppo: int = 0
    full: int = 0
    estimate: int = 1
    years: float = 10.0
    instruments: int = 10
    processes: int = 2
    pictures: str = ""
    kept: str = ".shiftdesk/bench-gate"


def run(options: Mapping[str, str]) -> tuple[dict[str, object], Figures]:
    """Settings and figures."""
    asked = chosen(Settings, options)
    began, cpu = time.monotonic(), _cpu_seconds()
    plain = Job(NO_EDGE, 0, instruments=asked.instruments, years=asked.years)
    figures: Figures = {}
    with _pool(asked.processes) as pool:
        if asked.null or asked.edge:
            figures |= _cheap(pool, plain, asked)
        if asked.ppo:
            figures |= _with_ppo(pool, plain, asked.ppo, asked.kept)
        if asked.full:
            figures |= _full(plain, asked.kept)
    if asked.estimate:
        figures |= _estimate(plain)
    figures |= {"wall_s": time.monotonic() - began, "cpu_s": _cpu_seconds() - cpu}
    return {**asdict(asked), "edges": [edge.name for edge in EDGES]}, figures


def _cheap(pool: ProcessPoolExecutor, plain: Job, asked: Settings) -> Figures:
    nulls = [replace(plain, seed=FIRST_NULL + number, naively=True) for number in range(asked.null)]
    edges = _spread(plain, asked.edge, 1.0, FIRST_EDGE)
    weaker = {
        factor: _spread(plain, asked.power, factor, FIRST_POWER + 1000 * place)
        for place, factor in enumerate(FACTORS)
    }
    found = _examined(pool, [*nulls, *edges, *(job for jobs in weaker.values() for job in jobs)])
    of_nulls, rest = found[: len(nulls)], found[len(nulls) :]
    of_edges, rest = rest[: len(edges)], rest[len(edges) :]
    sizes = (0.0, *(FACTORS if asked.power else ()), 1.0)
    strengths = dict(zip(sizes, pool.map(_ideal, sizes), strict=True))
    points = [_point(strengths[0.0], of_nulls)] if of_nulls else []
    for factor in FACTORS:
        here, rest = rest[: asked.power], rest[asked.power :]
        points += [_point(strengths[factor], here)] if here else []
    points += [_point(strengths[1.0], of_edges)] if of_edges else []
    if asked.pictures:
        write(points, plain.years, Path(asked.pictures))
    refused = sum(finding.judgement.measures.get("control_promoted", 0.0) for finding in found)
    return {
        "null_worlds": len(of_nulls),
        "null_promoted": sum(finding.promoted for finding in of_nulls),
        "naive_promoted": sum(finding.naive for finding in of_nulls),
        "naive_split_promoted": sum(finding.naive_split for finding in of_nulls),
        "edge_worlds": len(of_edges),
        "edge_promoted": sum(finding.promoted for finding in of_edges),
        "edge_ideal_sharpe": strengths[1.0],
        "control_refused": refused,
        **{f"power_at_{point.ideal_sharpe:.2f}": point.promoted / point.worlds for point in points},
        **_by_check(of_edges),
    }


def _with_ppo(pool: ProcessPoolExecutor, plain: Job, worlds: int, kept: str) -> Figures:
    learned = replace(plain, learner="ppo", protocol=FEWER, kept=kept)
    nulls = [replace(learned, seed=FIRST_PPO + number) for number in range(worlds)]
    found = _examined(pool, [*nulls, *_spread(learned, worlds, 1.0, FIRST_PPO + 1000)])
    return {
        "ppo_worlds_of_each_kind": worlds,
        "ppo_null_promoted": sum(finding.promoted for finding in found[:worlds]),
        "ppo_edge_promoted": sum(finding.promoted for finding in found[worlds:]),
        "ppo_edge_sharpe_median": float(
            np.median([one.judgement.measures["sharpe_iqm"] for one in found[worlds:]])
        ),
    }


def _full(plain: Job, kept: str) -> Figures:
    """One whole protocol with PPO; begun again it goes on where it stopped."""
    began, cpu = time.monotonic(), _cpu_seconds()
    job = replace(
        plain, edge=EDGES[0], seed=FULL, learner="ppo", instruments=FULL_INSTRUMENTS, kept=kept
    )
    finding = examine(job)
    print(finding.judgement.sentence, file=sys.stderr)
    return {
        "full_promoted": float(finding.promoted),
        "full_wall_s": time.monotonic() - began,
        "full_cpu_s": _cpu_seconds() - cpu,
    }


def _estimate(plain: Job) -> Figures:
    """What the full protocol costs, from one fold and seed of it: trained, and tried."""
    from shiftdesk.proving.ppo import ppo

    world = World.of(draw(FULL, EDGES[0], FULL_INSTRUMENTS, plain.years).panel)
    fold = folds(world.bars, plain.protocol)[0]
    ppo(world.part(0, 300), ((0, 300),), Terms(), 0)
    cpu = time.process_time()
    policy = ppo(world, fold.train, Terms(), 0)
    assert policy is not None
    outcome_of(world, policy, fold, Terms())
    once = time.process_time() - cpu
    hours = once * plain.protocol.records / 3600.0
    return {
        "full_records": plain.protocol.records,
        "full_record_cpu_s": once,
        "full_estimate_hours_two_cores": hours / 2.0,
        "full_estimate_hours_with_control": hours,
    }


def _spread(plain: Job, worlds: int, factor: float, first: int) -> list[Job]:
    """Worlds with edges of each kind in turn."""
    return [
        replace(plain, edge=scaled(EDGES[number % len(EDGES)], factor), seed=first + number)
        for number in range(worlds)
    ]


def _examined(pool: ProcessPoolExecutor, jobs: list[Job]) -> list[Finding]:
    return list(_watched(pool.map(examine, jobs), len(jobs)))


def _watched(findings: Iterable[Finding], of: int) -> Iterable[Finding]:
    """The findings; on a terminal with a count of them."""
    for number, finding in enumerate(findings, 1):
        if sys.stderr.isatty():
            print(f"\r{number}/{of} worlds", end="", file=sys.stderr, flush=True)
        yield finding


def _ideal(factor: float) -> float:
    return float(np.mean([ideal_sharpe(scaled(edge, factor)) for edge in EDGES]))


def _point(ideal: float, findings: list[Finding]) -> Point:
    measures = [finding.judgement.measures for finding in findings]
    return Point(
        ideal_sharpe=ideal,
        worlds=len(findings),
        promoted=sum(finding.promoted for finding in findings),
        sharpe_seen=float(np.median([one["sharpe_iqm"] for one in measures])),
        years_needed=float(np.median([one.get("years_needed", np.inf) for one in measures])),
    )


def _by_check(findings: list[Finding]) -> Figures:
    """Which checks stood in an edge's way: how often each of them failed."""
    failed: Figures = {}
    for finding in findings:
        for check, passed in finding.judgement.checks.items():
            if not passed:
                failed[f"edge_failed_{check}"] = failed.get(f"edge_failed_{check}", 0.0) + 1.0
    return failed


def _pool(processes: int) -> ProcessPoolExecutor:
    """Processes of one thread each, behind whatever else the machine does."""
    os.environ["OMP_NUM_THREADS"] = "1"
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(processes, context, initializer=os.nice, initargs=(10,))


def _cpu_seconds() -> float:
    """Of this process and of the children that have ended."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system
