"""A trial: one candidate, trained on one fold with one seed.

A function of its spec alone, and it keeps what it finds: whoever runs it again, after whatever
happened, gets the stored result or goes on from the stored checkpoint.
"""

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Self

import msgspec
import numpy as np
import structlog

from ai_pod.agents.learning.judging.outcomes import outcome_of, pack
from ai_pod.agents.learning.judging.protocol import Fold
from ai_pod.agents.learning.rounds import Trials
from ai_pod.agents.learning.stretches import Stretches, whole
from ai_pod.agents.learning.training import Hooks, Metrics, Trainer, Training
from ai_pod.agents.learning.worlds import Worlds
from ai_pod.contracts.seats import RiskProfile
from ai_pod.policies.artifacts import PolicyStore
from ai_pod.policies.backtest import Terms, World
from ai_pod.policies.errors import PolicyError
from ai_pod.policies.learned import LearnedPolicy, Provenance
from market.calendars import from_ns
from market.words import Interval, Word

PROGRESS_SECONDS = 1.0
CHECKPOINT_SECONDS = 10.0

FINISHED = "learning_trials_finished_total"
MOVED = "learning_trials_moved_total"

logger = structlog.get_logger()


class TrialSpec(Word, frozen=True, kw_only=True):
    """All that a trial depends on. Without a `fold` it is the challenger itself, which learns from
    all bars; a `control` is a trial in a world without an edge.
    """

    line: str
    night: str
    world: str
    fold: Fold | None
    seed: int
    profile: RiskProfile
    interval: Interval
    training: Training
    control: bool = False

    @property
    def key(self) -> str:
        """The trial's name, from its content but for the device: the same trial has the same name
        everywhere.
        """
        anywhere = msgspec.structs.replace(self, training=replace(self.training, device="cpu"))
        return f"trial-{hashlib.sha256(msgspec.json.encode(anywhere)).hexdigest()[:32]}"

    @property
    def terms(self) -> Terms:
        return Terms(profile=self.profile)

    def stretches(self, bars: int) -> Stretches:
        """The rows to learn from, of a world of so many bars."""
        return whole(bars) if self.fold is None else self.fold.train


class TrialResult(Word, frozen=True, kw_only=True):
    """What a trial has found: a policy, and its packed record over the bars held out (empty where
    it held out none).

    `cpu_seconds` are those of all workers it was on, `moves` how often it went on from a
    checkpoint.
    """

    key: str
    policy: str
    outcome: bytes
    cpu_seconds: float
    moves: int


class TrialProgressed(Word, frozen=True, kw_only=True):
    """A rollout's numbers in SB3's names."""

    key: str
    step: int
    metrics: Metrics


class Checkpoint(Word, frozen=True, kw_only=True):
    """What an unfinished trial leaves."""

    data: bytes
    cpu_seconds: float
    moves: int


def _unheard(_: object) -> None: ...


@dataclass(frozen=True)
class Place:
    """Where trials are run: the store, the learner, whom to tell; all but the store may be called
    from any thread.
    """

    artifacts: str
    train: Trainer
    worlds: Worlds
    counted: Callable[[str], None] = _unheard

    @classmethod
    def at(cls, artifacts: str, train: Trainer, counted: Callable[[str], None] = _unheard) -> Self:
        return cls(artifacts, train, Worlds(artifacts), counted)


def run_trial(
    spec: TrialSpec,
    place: Place,
    stop: Callable[[], bool],
    progress: Callable[[TrialProgressed], None],
) -> TrialResult | None:
    """The trial's result; None when it was stopped, and then its checkpoint is stored.

    Raises WorldLost, OSError when the store is away, and ValueError for a world that cannot be
    learned from.
    """
    trials, policies = Trials(place.artifacts, spec.line), PolicyStore(place.artifacts)
    found = _found(trials, policies, spec)
    if found is not None:
        return found
    world = place.worlds.load(spec.world).world
    course = _Course(spec, trials, progress)
    if course.left is not None:
        place.counted(MOVED)
    layers = place.train(
        world,
        spec.terms,
        spec.training,
        spec.seed,
        course.hooks(stop),
        stretches=spec.stretches(world.bars),
    )
    if layers is None:
        return None
    policy = policies.save(layers, _provenance(spec, world))
    result = TrialResult(
        key=spec.key,
        policy=policy,
        outcome=_outcome(spec, world, policies.learned(policy)),
        cpu_seconds=course.cpu_seconds(),
        moves=course.moves,
    )
    trials.keep_result(spec.key, msgspec.json.encode(result))
    trials.drop_checkpoint(spec.key)
    place.counted(FINISHED)
    return result


class _Course:
    """One run of a trial, from where the last one left it."""

    def __init__(
        self, spec: TrialSpec, trials: Trials, progress: Callable[[TrialProgressed], None]
    ) -> None:
        self._spec, self._trials, self._progress = spec, trials, progress
        self.left = _left(trials.checkpoint(spec.key))
        self.moves = 0 if self.left is None else self.left.moves + 1
        self._before = 0.0 if self.left is None else self.left.cpu_seconds
        self._began = time.thread_time()
        self._told = 0.0

    def hooks(self, stop: Callable[[], bool]) -> Hooks:
        return Hooks(
            stop=stop,
            progress=self._heard,
            save=self._save,
            saved=None if self.left is None else self.left.data,
            save_seconds=CHECKPOINT_SECONDS,
        )

    def cpu_seconds(self) -> float:
        return self._before + time.thread_time() - self._began

    def _save(self, data: bytes) -> None:
        left = Checkpoint(data=data, cpu_seconds=self.cpu_seconds(), moves=self.moves)
        self._trials.keep_checkpoint(self._spec.key, msgspec.msgpack.encode(left))

    def _heard(self, step: int, metrics: Metrics) -> None:
        now = time.monotonic()
        if now - self._told < PROGRESS_SECONDS:
            return
        self._told = now
        finite = {name: value for name, value in metrics.items() if np.isfinite(value)}
        self._progress(TrialProgressed(key=self._spec.key, step=step, metrics=finite))


def _left(data: bytes | None) -> Checkpoint | None:
    """The checkpoint; one that is damaged counts as none."""
    if data is None:
        return None
    try:
        return msgspec.msgpack.decode(data, type=Checkpoint)
    except msgspec.MsgspecError as reason:
        logger.warning("checkpoint_refused", reason=str(reason))
        return None


def _outcome(spec: TrialSpec, world: World, policy: LearnedPolicy) -> bytes:
    return b"" if spec.fold is None else pack(outcome_of(world, policy, spec.fold, spec.terms))


def policy_of(result: bytes) -> str | None:
    """The policy that a stored result names; None for a result that cannot be read."""
    try:
        return msgspec.json.decode(result, type=TrialResult).policy
    except msgspec.MsgspecError:
        return None


def _found(trials: Trials, policies: PolicyStore, spec: TrialSpec) -> TrialResult | None:
    """The stored result, if its policy can still be loaded; if not, the trial is run anew."""
    data = trials.result(spec.key)
    if data is None:
        return None
    try:
        result = msgspec.json.decode(data, type=TrialResult)
        policies.learned(result.policy)
    except (PolicyError, msgspec.MsgspecError) as reason:
        logger.warning("result_dropped", trial=spec.key, reason=str(reason))
        return None
    return result


def _provenance(spec: TrialSpec, world: World) -> Provenance:
    stretches = spec.stretches(world.bars)
    first, last = stretches[0][0], stretches[-1][1] - 1
    return Provenance(
        instruments=world.instruments,
        interval=spec.interval,
        algorithm=spec.training.algorithm,
        seed=spec.seed,
        steps=spec.training.total_timesteps,
        trained_from=from_ns(int(world.ends[first])).isoformat(),
        trained_to=from_ns(int(world.ends[last])).isoformat(),
        synthetic=world.synthetic or spec.control,
    )
