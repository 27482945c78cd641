"""One world through the gate, and through the naive rule that most would use in its place."""

from dataclasses import dataclass, replace
from pathlib import Path

from ai_pod.agents.learning.evaluate import walk_forward
from ai_pod.agents.learning.judging.control import no_edge
from ai_pod.agents.learning.judging.evidence import (
    Case,
    KeptFiles,
    Outside,
    Trainer,
    gather,
)
from ai_pod.agents.learning.judging.judgement import PROMOTED, Judgement, judge
from ai_pod.agents.learning.judging.outcomes import record_of
from ai_pod.agents.learning.judging.protocol import Protocol
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
    """A world to examine; `seed` draws it and the learner's seeds. `kept` is a folder."""

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
    """What became of a world; `naive` says whether the naive rule promotes."""

    edge: str
    seed: int
    promoted: bool
    naive: bool
    judgement: Judgement


def examine(job: Job) -> Finding:
    """Train, judge, and run the control world where it can still change the verdict."""
    panel = draw(job.seed, job.edge, job.instruments, job.years).panel
    first = job.seed * 1000
    seeds = tuple(range(first, first + job.protocol.seeds))
    case = Case(panel, EQUAL_WEIGHT, Terms(), seeds)
    judgement = _judged(job, case)
    naive = job.naively and promotes_naively(case, _trainer(job))
    return Finding(job.edge.name, job.seed, judgement.verdict == PROMOTED, naive, judgement)


def promotes_naively(case: Case, trainer: Trainer) -> bool:
    """Whether the best of the seeds, trained on all but the most recent quarter, has a better
    Sharpe ratio there than the champion.
    """
    split = walk_forward(case.world)
    learned_from = ((0, split.train.bars),)
    policies = [trainer(case.world, learned_from, case.terms, seed) for seed in case.seeds]
    found = [record_of(split.test, one, case.terms) for one in policies if one is not None]
    champion = record_of(split.test, case.champion, case.terms)
    return max(sharpe(record.growth) for record in found) > sharpe(champion.growth)


def _judged(job: Job, case: Case) -> Judgement:
    evidence = gather(case, job.protocol, _trainer(job), _outside(job, "world"))
    assert evidence is not None
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
