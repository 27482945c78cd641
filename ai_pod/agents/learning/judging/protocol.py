"""Which bars are learned from and which are judged on: combinatorial purged cross-validation.

A step leads from one row of the World to the next; folds divide the steps, so that the stretches
that are tested share no return with one another nor with what was learned from.
"""

from dataclasses import dataclass
from functools import lru_cache
from math import comb

import numpy as np
from numpy.typing import NDArray

from ai_pod.agents.learning.stretches import Stretches
from ai_pod.policies.features import WINDOW


@dataclass(frozen=True)
class Protocol:
    """How much evidence a verdict rests on (López de Prado 2018, chapter 12).

    History falls into `groups`, each fold tests on `test_groups` of them and learns from the rest
    less the `purge` on both sides of a test and the `embargo` after it (in bars).
    """

    groups: int = 6
    test_groups: int = 2
    seeds: int = 8
    purge: int = WINDOW
    embargo: int = 5

    @property
    def folds(self) -> int:
        return comb(self.groups, self.test_groups)

    @property
    def paths(self) -> int:
        """How many out-of-sample histories the folds' tests make: each covers every step once."""
        return self.folds * self.test_groups // self.groups

    @property
    def records(self) -> int:
        """Trainings that the protocol needs."""
        return self.folds * self.seeds


@dataclass(frozen=True)
class Fold:
    """Rows [first, last) of the World. Tests are as many as `test_groups`, and neighbours share
    their border row; `paths` are the paths that each of them belongs to.
    """

    index: int
    train: Stretches
    tests: Stretches
    paths: tuple[int, ...]

    @property
    def steps(self) -> int:
        return sum(last - first - 1 for first, last in self.tests)


@lru_cache(maxsize=16)
def folds(bars: int, protocol: Protocol) -> tuple[Fold, ...]:
    """The folds of a world of so many bars. Raises ValueError when it is too short for them."""
    # It costs 1.7 CPU-seconds to import, and only who judges needs it.
    from skfolio.model_selection import CombinatorialPurgedCV

    split = CombinatorialPurgedCV(
        n_folds=protocol.groups,
        n_test_folds=protocol.test_groups,
        purged_size=protocol.purge,
        embargo_size=protocol.embargo,
    )
    steps = np.zeros((max(bars - 1, 0), 1))
    paths = split.get_path_ids()
    return tuple(
        Fold(
            index,
            tuple(_rows(run) for run in _runs(train)),
            tuple(_rows(test) for test in tests),
            tuple(int(path) for path in paths[index]),
        )
        for index, (train, tests) in enumerate(split.split(steps))
    )


def fewest_bars(protocol: Protocol) -> int:
    """Bars below which no fold has anything left to learn from."""
    return protocol.groups * (2 * protocol.purge + protocol.embargo + 2) + 1


def _rows(steps: NDArray[np.int64]) -> tuple[int, int]:
    """The rows of successive steps: a step needs the row that it leads to."""
    return int(steps[0]), int(steps[-1]) + 2


def _runs(steps: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """Ascending steps, cut where they do not follow one another."""
    return np.split(steps, np.flatnonzero(np.diff(steps) > 1) + 1)
