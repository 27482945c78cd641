"""What a verdict rests on: every seed's out-of-sample histories beside those of the opponents.

`gather` trains one after the other in this process; a cluster trains elsewhere, and hands the
outcomes to `evidence_of`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol as Port
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from ai_pod.agents.learning.judging.outcomes import (
    Record,
    outcome_of,
    pack,
    record_of,
    recorded,
    replays,
    unpack,
)
from ai_pod.agents.learning.judging.protocol import Fold, Protocol, folds
from ai_pod.agents.learning.stretches import Stretches
from ai_pod.policies.backtest import Terms, World
from ai_pod.policies.features import WINDOW
from ai_pod.policies.policy import Policy
from ai_pod.policies.strategies import STRATEGIES, entered
from market.files import Files
from market.series import Panel

CHAMPION = "champion"
BENCHMARKS: dict[str, str] = {
    "buy-and-hold": "buy-and-hold",
    "1/N": "equal-weight",
    "momentum": "momentum-12-1",
    "minimum variance": "minimum-variance",
}
"""What any challenger must beat beside the champion: the name in a verdict → the strategy's."""

Trainer: TypeAlias = Callable[[World, Stretches, Terms, int], Policy | None]
"""World, rows to learn from, terms, seed → a policy; None when it was stopped."""


@dataclass(frozen=True)
class Case:
    """What is to be judged: a line's bars and champion; `trials_before` tonight, `seeds` tonight's.

    A trial is one seed of one night, with all folds that it was trained on.
    """

    panel: Panel
    champion: Policy
    terms: Terms
    seeds: tuple[int, ...]
    trials_before: int = 0

    @cached_property
    def world(self) -> World:
        return World.of(self.panel)


@dataclass(frozen=True)
class Evidence:
    """Over the bars' `ends` (n,): the `challengers`' records (seeds, paths, n - 1), the opponents'
    (n - 1,), the champion among them; and how many `trials` the line ever made, these included.
    """

    instruments: int
    ends: NDArray[np.int64]
    challengers: Record
    opponents: Mapping[str, Record]
    champion: str
    trials: int
    protocol: Protocol


class Kept(Port):
    """Where finished outcomes lie, so that an interrupted protocol goes on."""

    def read(self, name: str) -> bytes | None: ...

    def write(self, name: str, data: bytes) -> None: ...


class KeptFiles:
    """Outcomes as files under any fsspec URL; nothing is kept without one."""

    def __init__(self, url: str | None = None) -> None:
        self._files = None if url is None else Files(url)

    def read(self, name: str) -> bytes | None:
        return None if self._files is None else self._files.read_if_there(name)

    def write(self, name: str, data: bytes) -> None:
        if self._files is not None:
            self._files.replace(name, data)


def _never() -> bool:
    return False


def _unseen(done: int, of: int) -> None:
    del done, of


@dataclass(frozen=True)
class Outside:
    """Where outcomes are kept, whom to tell how many there are, and when to stop."""

    kept: Kept = field(default_factory=KeptFiles)
    progress: Callable[[int, int], None] = _unseen
    stop: Callable[[], bool] = _never


def gather(
    case: Case, protocol: Protocol, trainer: Trainer, outside: Outside | None = None
) -> Evidence | None:
    """Train every fold and seed that has no outcome yet; None when stopped before the last one.

    Raises ValueError when the history is too short for the protocol.
    """
    outside = outside or Outside()
    outcomes: dict[tuple[int, int], Record] = {}
    for fold in folds(case.world.bars, protocol):
        for seed in case.seeds:
            if outside.stop():
                return None
            outcome = _outcome(case, fold, seed, trainer, outside.kept)
            if outcome is None:
                return None
            outcomes[fold.index, seed] = outcome
            outside.progress(len(outcomes), protocol.folds * len(case.seeds))
    return evidence_of(case, protocol, outcomes)


def evidence_of(
    case: Case, protocol: Protocol, outcomes: Mapping[tuple[int, int], Record]
) -> Evidence:
    """The outcomes by (fold, seed), put together to paths, and the opponents over the same bars."""
    every = folds(case.world.bars, protocol)
    seeds = [
        _paths(every, [outcomes[fold.index, seed] for fold in every], protocol)
        for seed in case.seeds
    ]
    return Evidence(
        instruments=len(case.world.instruments),
        ends=case.world.ends,
        challengers=Record.stacked(seeds),
        opponents=_opponents(case),
        champion=case.champion.version,
        trials=case.trials_before + len(case.seeds),
        protocol=protocol,
    )


def _outcome(case: Case, fold: Fold, seed: int, trainer: Trainer, kept: Kept) -> Record | None:
    name = f"fold-{fold.index}-seed-{seed}.npz"
    data = kept.read(name)
    if data is not None:
        return unpack(data)
    policy = trainer(case.world, fold.train, case.terms, seed)
    if policy is None:
        return None
    outcome = outcome_of(case.world, policy, fold, case.terms)
    kept.write(name, pack(outcome))
    return outcome


def _paths(every: tuple[Fold, ...], outcomes: list[Record], protocol: Protocol) -> Record:
    """One seed's outcomes as whole histories (paths, n - 1), by the time their steps have."""
    pieces: list[dict[int, Record]] = [{} for _ in range(protocol.paths)]
    for fold, outcome in zip(every, outcomes, strict=True):
        at = 0
        for (first, last), path in zip(fold.tests, fold.paths, strict=True):
            pieces[path][first] = outcome.part(at, at + last - first - 1)
            at += last - first - 1
    return Record.stacked(
        [Record.joined([path[first] for first in sorted(path)]) for path in pieces]
    )


def _opponents(case: Case) -> dict[str, Record]:
    """Each with one book through all bars; a strategy's lookback may reach before the first."""
    panel, world = case.panel, case.world
    found = {CHAMPION: record_of(world, case.champion, case.terms)}
    for name, strategy in BENCHMARKS.items():
        targets = entered(STRATEGIES[strategy].targets(panel), WINDOW - 1, len(panel))
        found[name] = recorded(world, *replays(world, targets, case.terms))
    return found
