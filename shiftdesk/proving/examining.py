"""One world through the gate, and through the naive rules that most would use in its place."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from ai_pod.agents.learning.evaluate import walk_forward
from ai_pod.agents.learning.judging.control import no_edge
from ai_pod.agents.learning.judging.evidence import (
    CHAMPION,
    Case,
    Evidence,
    KeptFiles,
    Outside,
    Trainer,
    gather,
)
from ai_pod.agents.learning.judging.judgement import PROMOTED, Judgement, judge
from ai_pod.agents.learning.judging.outcomes import record_of
from ai_pod.agents.learning.judging.protocol import Protocol, folds
from ai_pod.agents.learning.statistics import sharpe
from ai_pod.policies.backtest import Terms
from ai_pod.policies.rules import EQUAL_WEIGHT
from shiftdesk.proving import learner
from shiftdesk.proving.ppo import ppo
from shiftdesk.proving.worlds import Edge, draw

CONTROL_SEED = 800_000_000
FULL = Protocol()


@dataclass(frozen=True)
class Job:
    """A world to examine; `seed` draws it and the learner's seeds. `kept` is a folder. `naively`
    asks the naive rule of one split too, which trains once more.
    """

    edge: Edge
    seed: int
    protocol: Protocol = FULL
    learner: str = "cheap"
    instruments: int = 10
    years: float = 10.0
    naively: bool = False
    kept: str = ""


@dataclass(frozen=True)
class Finding:
    """What became of a world. `naive`: would the best of all that was trained be promoted, and
    `naive_split`: the best seed of one walk-forward split?
    """

    edge: str
    seed: int
    promoted: bool
    naive: bool
    naive_split: bool
    judgement: Judgement


def examine(job: Job) -> Finding:
    """Train, judge, and run the control world where it can still change the verdict."""
    panel = draw(job.seed, job.edge, job.instruments, job.years).panel
    first = job.seed * 1000
    seeds = tuple(range(first, first + job.protocol.seeds))
    case = Case(panel, EQUAL_WEIGHT, Terms(), seeds)
    evidence = gather(case, job.protocol, _trainer(job), _outside(job, "world"))
    assert evidence is not None
    judgement = _judged(job, case, evidence)
    promoted = judgement.verdict == PROMOTED
    split = job.naively and promotes_of_split(case, _trainer(job))
    return Finding(job.edge.name, job.seed, promoted, promotes_best(evidence), split, judgement)


def promotes_best(evidence: Evidence) -> bool:
    """Whether any seed of any fold has a better Sharpe ratio than the champion on the bars that
    were held out from it: the best of what the gate is shown, taken at its word.
    """
    growth, champion = evidence.challengers.growth, evidence.opponents[CHAMPION].growth
    for fold in folds(len(evidence.ends), evidence.protocol):
        tests = list(zip(fold.tests, fold.paths, strict=True))
        mine = [growth[:, path, first : last - 1] for (first, last), path in tests]
        theirs = np.concatenate([champion[first : last - 1] for (first, last), _ in tests])
        best = max(sharpe(record) for record in np.concatenate(mine, axis=1))
        if best > sharpe(theirs):
            return True
    return False


def promotes_of_split(case: Case, trainer: Trainer) -> bool:
    """Whether the best of the seeds, trained on all but the most recent quarter, has a better
    Sharpe ratio there than the champion.
    """
    split = walk_forward(case.world)
    learned_from = ((0, split.train.bars),)
    policies = [trainer(case.world, learned_from, case.terms, seed) for seed in case.seeds]
    found = [record_of(split.test, one, case.terms) for one in policies if one is not None]
    champion = record_of(split.test, case.champion, case.terms)
    return max(sharpe(record.growth) for record in found) > sharpe(champion.growth)


def _judged(job: Job, case: Case, evidence: Evidence) -> Judgement:
    judgement = judge(evidence)
    if not judgement.wants_control:
        return judgement
    control = replace(case, panel=no_edge(case.panel, CONTROL_SEED + job.seed))
    return judge(evidence, gather(control, job.protocol, _trainer(job), _outside(job, "control")))


def _outside(job: Job, part: str) -> Outside:
    if not job.kept:
        return Outside()
    folder = Path(job.kept) / f"{job.learner}-{job.edge.name}-{job.seed}" / part
    return Outside(KeptFiles(folder.resolve().as_uri()))


def _trainer(job: Job) -> Trainer:
    return ppo if job.learner == "ppo" else learner.train
