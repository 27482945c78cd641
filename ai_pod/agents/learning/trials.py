"""A line's night: train the round's seeds, try them on unseen bars, let the gate judge.

Synchronous; runs in a worker thread, polls a stop flag, and can be begun again at any point.
"""

import hashlib
import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import msgspec
import numpy as np
import structlog

from ai_pod.agents.learning.evaluate import (
    BENCHMARKS,
    Split,
    compete,
    competitor,
    cost_bps,
    doubled,
    median_of,
    split_of,
)
from ai_pod.agents.learning.gate import Evidence, Judgement, judge
from ai_pod.agents.learning.rounds import Candidate, Round, Rounds
from ai_pod.agents.learning.shadow import reports
from ai_pod.agents.learning.statistics import annualised, sharpe
from ai_pod.agents.learning.training import Hooks, Metrics, Trainer, Training
from ai_pod.contracts.learning import (
    LearningEvent,
    LearningProgressed,
    PolicyLine,
    TrialFinished,
    VerdictReached,
)
from ai_pod.policies.artifacts import PolicyStore
from ai_pod.policies.backtest import Run, Terms
from ai_pod.policies.errors import PolicyError
from ai_pod.policies.learned import Provenance
from ai_pod.policies.policy import Policy
from market.calendars import from_ns
from market.series import Panel

PROGRESS_SECONDS = 1.0
CHECKPOINT_SECONDS = 10.0

logger = structlog.get_logger()


@dataclass(frozen=True)
class Budget:
    """How much a night tries."""

    seeds: int = 3
    training: Training = field(default_factory=Training)


@dataclass(frozen=True)
class Outside:
    """What a night works with: the learner, where artifacts are, the market's time, whom to tell,
    when to stop.

    `announce` blocks until the event is out; what it raises ends the night.
    """

    train: Trainer
    artifacts: str
    now: Callable[[], datetime]
    announce: Callable[[LearningEvent], None]
    stop: Callable[[], bool]


class Night:
    """One line, one night. `run` gives the verdict, or None when stopped or judged already."""

    def __init__(self, line: PolicyLine, panel: Panel, budget: Budget, outside: Outside) -> None:
        self._line, self._panel, self._budget, self._outside = line, panel, budget, outside
        self.name = night_of(panel)
        self._split: Split = split_of(panel)
        self._terms = Terms(profile=line.risk_profile)
        self._store = PolicyStore(outside.artifacts)
        self._rounds = Rounds(outside.artifacts, line.id)
        self._told = 0.0

    def run(self) -> VerdictReached | None:
        for report in reports(
            self._line, self._panel, self._store, self._terms, self._outside.now()
        ):
            self._outside.announce(report)
        round_ = self._rounds.open(self.name, self._budget.seeds, self._line.trials)
        if round_ is None:
            return None
        fit = tuple(one for one in round_.candidates if self._may_be_judged(one))
        round_ = msgspec.structs.replace(round_, candidates=fit)
        self._rounds.keep(round_)
        for seed in round_.left:
            candidate = self._try(seed)
            if candidate is None:
                return None
            round_ = msgspec.structs.replace(round_, candidates=(*round_.candidates, candidate))
            self._outside.announce(self._finished(round_, candidate))
            self._rounds.keep(round_)
            self._rounds.drop_checkpoint(seed)
        if self._outside.stop():
            return None
        verdict = self._judge(round_)
        self._outside.announce(verdict)
        self._rounds.keep(msgspec.structs.replace(round_, judged=self.name))
        return verdict

    def _may_be_judged(self, candidate: Candidate) -> bool:
        """Whether a candidate of an earlier night has seen none of tonight's test bars (history may
        have gained older ones since), and can still be loaded; if not, its seed is tried anew.
        """
        try:
            trained_to = self._store.learned(candidate.policy).provenance.trained_to
        except PolicyError as reason:
            logger.warning("candidate_dropped", line=self._line.id, reason=str(reason))
            return False
        return datetime.fromisoformat(trained_to) < from_ns(int(self._split.test.ends[0]))

    def _try(self, seed: int) -> Candidate | None:
        began = time.thread_time()
        hooks = Hooks(
            stop=self._outside.stop,
            progress=lambda step, metrics: self._progressed(seed, step, metrics),
            save=lambda checkpoint: self._rounds.keep_checkpoint(seed, checkpoint),
            saved=self._rounds.checkpoint(seed),
            save_seconds=CHECKPOINT_SECONDS,
        )
        training = self._budget.training
        layers = self._outside.train(self._split.train, self._terms, training, seed, hooks)
        if layers is None:
            return None
        policy = self._store.save(layers, self._provenance(seed))
        run = self._compete({"candidate": self._store.learned(policy)})["candidate"]
        return Candidate(
            seed=seed,
            policy=policy,
            cpu_seconds=time.thread_time() - began,
            sharpe=annualised(sharpe(run.growth), run.ends),
        )

    def _judge(self, round_: Round) -> VerdictReached:
        line, store = self._line, self._store
        policies = [store.learned(candidate.policy) for candidate in round_.candidates]
        runs = self._compete({policy.version: policy for policy in policies})
        sharpes = [sharpe(runs[policy.version].growth) for policy in policies]
        challenger = policies[median_of(sharpes)]
        champion = store.load(line.champion, line.instruments)
        entrants = {"challenger": challenger, "champion": champion, **BENCHMARKS}
        cheap, dear = self._compete(entrants), self._compete(entrants, doubled(self._terms))
        evidence = Evidence(
            challenger=cheap["challenger"],
            champion=cheap["champion"],
            benchmarks={name: cheap[name] for name in BENCHMARKS},
            challenger_dear=dear["challenger"],
            champion_dear=dear["champion"],
            candidates=sharpes,
            trials=round_.trials,
        )
        return self._verdict(round_, evidence, judge(evidence))

    def _compete(self, entrants: dict[str, Policy], terms: Terms | None = None) -> dict[str, Run]:
        return compete(self._split.test, entrants, terms or self._terms)

    def _verdict(self, round_: Round, evidence: Evidence, judgement: Judgement) -> VerdictReached:
        line, test = self._line, self._split.test
        table = {"challenger": evidence.challenger, "champion": evidence.champion}
        return VerdictReached(
            id=_id("verdict", line.id, self.name, evidence.challenger.policy),
            organisation=line.organisation,
            policy_line=line.id,
            night=self.name,
            verdict=judgement.verdict,
            champion=line.champion,
            challenger=evidence.challenger.policy,
            sentence=judgement.sentence,
            window_from=from_ns(int(test.ends[0])),
            window_to=from_ns(int(test.ends[-1])),
            bars=test.bars - 1,
            seeds=len(round_.candidates),
            trials=evidence.trials,
            sharpe_difference=judgement.sharpe_difference,
            interval_low=judgement.interval[0],
            interval_high=judgement.interval[1],
            cost_bps=cost_bps(self._terms),
            competitors=tuple(
                competitor(name, run) for name, run in (table | dict(evidence.benchmarks)).items()
            ),
            checks=judgement.checks,
            at=self._outside.now(),
            synthetic=test.synthetic,
        )

    def _finished(self, round_: Round, candidate: Candidate) -> TrialFinished:
        line = self._line
        return TrialFinished(
            id=_id("trial", line.id, round_.night, str(candidate.seed)),
            organisation=line.organisation,
            policy_line=line.id,
            night=self.name,
            seed=candidate.seed,
            algorithm="ppo",
            steps=self._budget.training.total_timesteps,
            cpu_seconds=candidate.cpu_seconds,
            sharpe=candidate.sharpe,
            policy=candidate.policy,
            at=self._outside.now(),
        )

    def _progressed(self, seed: int, step: int, metrics: Metrics) -> None:
        now = time.monotonic()
        if now - self._told < PROGRESS_SECONDS:
            return
        self._told = now
        self._outside.announce(
            LearningProgressed(
                organisation=self._line.organisation,
                policy_line=self._line.id,
                night=self.name,
                seed=seed,
                step=step,
                of_steps=self._budget.training.total_timesteps,
                metrics={name: value for name, value in metrics.items() if math.isfinite(value)},
                at=self._outside.now(),
            )
        )

    def _provenance(self, seed: int) -> Provenance:
        world = self._split.train
        first, last = (from_ns(int(end)).isoformat() for end in world.ends[[0, -1]])
        return Provenance(
            instruments=self._line.instruments,
            interval=self._line.interval,
            seed=seed,
            steps=self._budget.training.total_timesteps,
            trained_from=first,
            trained_to=last,
            synthetic=world.synthetic,
        )


def night_of(panel: Panel) -> str:
    """The night's name: the date (UTC) of the last bar, so of the close that it follows."""
    return from_ns(int(np.max(panel.end))).date().isoformat()


def _id(kind: str, *parts: str) -> str:
    """The same event has the same id, should it be announced again after a crash."""
    return f"{kind}-{hashlib.sha256('|'.join(parts).encode()).hexdigest()[:24]}"
