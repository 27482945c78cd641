"""A line's night: seal its bars, let the crew train every fold and seed, let the gate judge.

May be cancelled at any point, and begun again there: by this pod or another, tonight or tomorrow.
"""

import asyncio
import contextlib
import hashlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import msgspec
import numpy as np

from ai_pod.agents.learning.budget import Budget
from ai_pod.agents.learning.crew import Crew
from ai_pod.agents.learning.evaluate import MOST_BARS, TooFewBars
from ai_pod.agents.learning.judging.control import no_edge
from ai_pod.agents.learning.judging.evidence import Case, Evidence, evidence_of
from ai_pod.agents.learning.judging.judgement import Judgement, judge
from ai_pod.agents.learning.judging.outcomes import Record, unpack
from ai_pod.agents.learning.judging.protocol import fewest_bars, folds
from ai_pod.agents.learning.rounds import Round, Rounds
from ai_pod.agents.learning.statistics import annualised, sharpe
from ai_pod.agents.learning.sweeping import sweep
from ai_pod.agents.learning.trial import TrialProgressed, TrialResult, TrialSpec
from ai_pod.agents.learning.verdicts import verdict_of
from ai_pod.agents.learning.worlds import WorldLost, Worlds
from ai_pod.contracts.learning import (
    LearningEvent,
    LearningProgressed,
    PolicyLine,
    TrialFinished,
    VerdictReached,
)
from ai_pod.policies.artifacts import PolicyStore
from ai_pod.policies.backtest import Terms
from ai_pod.policies.features import WINDOW
from ai_pod.policies.policy import Policy
from market.calendars import from_ns
from market.series import Panel
from market.tasks import in_thread

Results = dict[str, TrialResult]


@dataclass(frozen=True)
class Outside:
    """What a night works with: who trains, where artifacts are, the market's time, whom to tell.

    `announce` returns when the event is out; what it raises ends the night.
    """

    crew: Crew
    artifacts: str
    now: Callable[[], datetime]
    announce: Callable[[LearningEvent], Awaitable[None]]


class Night:
    """One line, one night. `run` gives the verdict, or None when the algorithm had tonight's."""

    def __init__(self, line: PolicyLine, panel: Panel, budget: Budget, outside: Outside) -> None:
        self._line, self._panel, self._budget, self._outside = line, panel, budget, outside
        self.name = night_of(panel)
        self._terms = Terms(profile=line.risk_profile)
        self._store = PolicyStore(outside.artifacts)
        self._worlds = Worlds(outside.artifacts)
        self._rounds = Rounds(outside.artifacts, line.id)

    async def run(self) -> VerdictReached | None:
        """Raises TooFewBars, PolicyError, OSError when the store is away, and what a trial or an
        announcement raises.
        """
        round_ = await in_thread(self._open)
        if round_ is None:
            return None
        specs = await asyncio.to_thread(self._specs, round_, round_.world)
        challenger = self._spec(round_, round_.world)
        results = await self._train(round_, [*specs, challenger])
        evidence = await asyncio.to_thread(self._evidence, round_, specs, results)
        judgement = await asyncio.to_thread(judge, evidence)
        if judgement.wants_control:
            control = await self._controlled(round_)
            judgement = await asyncio.to_thread(judge, evidence, control)
        verdict = self._verdict(round_, results[challenger.key].policy, evidence, judgement)
        await self._outside.announce(verdict)
        announced = {challenger.key} | {spec.key for spec in specs if _says(spec)}
        kept = tuple(sorted({results[key].policy for key in announced}))
        await in_thread(self._close, msgspec.structs.replace(round_, kept=kept))
        return verdict

    def _open(self) -> Round | None:
        """The round to work on tonight; None when tonight's verdict has been reached."""
        self._champion()
        last = self._rounds.last()
        protocol, training = self._budget.protocol, self._budget.training
        if last is not None and last.training.algorithm == training.algorithm:
            if last.judged == self.name:
                return None
            if not last.judged and self._there(last.world):
                here = replace(last.training, device=training.device)
                return msgspec.structs.replace(last, training=here)
        if last is not None and last.judged:
            # Whoever judged it may have been killed before all of it was gone.
            self._sweep(last)
        bars, needed = len(self._panel) - WINDOW + 1, fewest_bars(protocol)
        if bars < needed:
            raise TooFewBars(f"{max(bars, 0)} bars; learning needs {needed}")
        # The line's record may lag behind what was tried here; the gate must not forget a trial.
        known = self._line.trials if last is None else max(self._line.trials, last.trials)
        first = self._rounds.first_seed(self.name)
        latest = _latest(self._panel, MOST_BARS + WINDOW - 1)
        round_ = Round(
            line=self._line.id,
            night=self.name,
            world=self._worlds.seal(self._line.id, latest),
            protocol=protocol,
            training=training,
            seeds=tuple(range(first, first + protocol.seeds)),
            trials_before=known,
        )
        self._rounds.keep(round_)
        return round_

    def _there(self, world: str) -> bool:
        try:
            self._worlds.load(world)
        except WorldLost:
            return False
        return True

    def _specs(self, round_: Round, world: str) -> list[TrialSpec]:
        """Every seed on every fold, seed by seed."""
        bare = self._spec(round_, world)
        every = folds(self._worlds.load(world).world.bars, round_.protocol)
        return [
            msgspec.structs.replace(bare, fold=fold, seed=seed)
            for seed in round_.seeds
            for fold in every
        ]

    def _spec(self, round_: Round, world: str) -> TrialSpec:
        """The challenger's own trial: all bars, and the seed that was the first one beforehand."""
        return TrialSpec(
            line=round_.line,
            night=round_.night,
            world=world,
            fold=None,
            seed=round_.seeds[0],
            profile=self._line.risk_profile,
            interval=self._line.interval,
            training=round_.training,
            control=world != round_.world,
        )

    async def _train(self, round_: Round, specs: Sequence[TrialSpec]) -> Results:
        named, results = {spec.key: spec for spec in specs}, Results()
        async with contextlib.aclosing(self._outside.crew.run(specs)) as heard:
            async for what in heard:
                spec = named[what.key]
                if isinstance(what, TrialProgressed):
                    done = {"night/trials": len(specs), "night/trials_finished": len(results)}
                    await self._outside.announce(self._progressed(spec, what, done))
                else:
                    results[what.key] = what
                    await self._finished(round_, spec, named, results)
        return results

    async def _finished(
        self, round_: Round, spec: TrialSpec, named: Mapping[str, TrialSpec], results: Results
    ) -> None:
        """Tell of a seed as soon as it has been trained on every fold."""
        keys = [key for key, one in named.items() if one.seed == spec.seed and one.fold is not None]
        if not spec.control and spec.fold is not None and all(key in results for key in keys):
            event = self._trial(round_, spec.seed, [results[key] for key in keys])
            await self._outside.announce(event)

    async def _controlled(self, round_: Round) -> Evidence:
        """The same protocol in a world without an edge."""
        world = await in_thread(self._seal_control, round_)
        specs = await asyncio.to_thread(self._specs, round_, world)
        results = await self._train(round_, specs)
        return await asyncio.to_thread(self._evidence, round_, specs, results)

    def _seal_control(self, round_: Round) -> str:
        panel = self._worlds.load(round_.world).panel
        return self._worlds.seal(round_.line, no_edge(panel, round_.seeds[0]))

    def _evidence(self, round_: Round, specs: Sequence[TrialSpec], results: Results) -> Evidence:
        sealed = self._worlds.load(specs[0].world)
        case = Case(
            panel=sealed.panel,
            champion=self._champion(),
            terms=self._terms,
            seeds=round_.seeds,
            trials_before=round_.trials_before,
        )
        outcomes = {
            (spec.fold.index, spec.seed): unpack(results[spec.key].outcome)
            for spec in specs
            if spec.fold is not None
        }
        return evidence_of(case, round_.protocol, outcomes)

    def _champion(self) -> Policy:
        return self._store.load(self._line.champion, self._line.instruments)

    def _verdict(
        self, round_: Round, challenger: str, evidence: Evidence, judgement: Judgement
    ) -> VerdictReached:
        verdict = verdict_of(self._line, challenger, evidence, judgement, self._outside.now())
        return msgspec.structs.replace(
            verdict,
            id=event_id("verdict", self._line.id, round_.night, challenger),
            night=self.name,
            synthetic=self._worlds.load(round_.world).world.synthetic,
        )

    def _close(self, round_: Round) -> None:
        """The round is judged: what its trials left is not needed any more."""
        judged = msgspec.structs.replace(round_, judged=self.name)
        self._rounds.keep(judged)
        self._sweep(judged)

    def _sweep(self, judged: Round) -> None:
        watched = {id_ for watch in self._line.watched for id_ in (watch.policy, watch.against)}
        kept = {*judged.kept, self._line.champion, *watched}
        sweep(self._outside.artifacts, self._line.id, kept)

    def _trial(self, round_: Round, seed: int, results: Sequence[TrialResult]) -> TrialFinished:
        """A seed over all folds; the first fold's policy stands for it (see `_says`)."""
        line, ends = self._line, self._worlds.load(round_.world).world.ends
        growth = Record.joined([unpack(result.outcome) for result in results]).growth
        algorithm = round_.training.algorithm
        return TrialFinished(
            id=event_id("trial", line.id, round_.night, algorithm, str(seed)),
            organisation=line.organisation,
            policy_line=line.id,
            night=self.name,
            seed=seed,
            algorithm=algorithm,
            steps=round_.training.total_timesteps * len(results),
            cpu_seconds=sum(result.cpu_seconds for result in results),
            sharpe=annualised(sharpe(growth), ends),
            policy=results[0].policy,
            at=self._outside.now(),
        )

    def _progressed(
        self, spec: TrialSpec, told: TrialProgressed, done: dict[str, int]
    ) -> LearningProgressed:
        return LearningProgressed(
            organisation=self._line.organisation,
            policy_line=self._line.id,
            night=self.name,
            seed=spec.seed,
            step=told.step,
            of_steps=spec.training.total_timesteps,
            metrics={**told.metrics, **done},
            at=self._outside.now(),
            fold=None if spec.fold is None else spec.fold.index,
            control=spec.control,
        )


def night_of(panel: Panel) -> str:
    """The night's name: the date (UTC) of the last bar, so of the close that it follows."""
    return from_ns(int(np.max(panel.end))).date().isoformat()


def _says(spec: TrialSpec) -> bool:
    """Whether the trial's policy is the one that its seed announces: the first fold's, which
    learned from the latest bars.
    """
    return spec.fold is not None and spec.fold.index == 0


def event_id(kind: str, *parts: str) -> str:
    """The same event has the same id, should it be announced again after a crash."""
    return f"{kind}-{hashlib.sha256('|'.join(parts).encode()).hexdigest()[:24]}"


def _latest(panel: Panel, bars: int) -> Panel:
    """The panel's last so many bars."""
    arrays = {
        name: getattr(panel, name)[-bars:]
        for name in ("end", "open", "high", "low", "close", "volume")
    }
    return replace(panel, **arrays)
