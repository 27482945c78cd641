"""The folds: what is tested is never learned from, and every path covers the whole history."""

import numpy as np
import pytest

from ai_pod.agents.learning.judging.protocol import Protocol, fewest_bars, folds
from ai_pod.policies.features import WINDOW

PROTOCOL = Protocol()
BARS = 1201


def test_fifteen_folds_make_five_paths_of_every_step() -> None:
    every = folds(BARS, PROTOCOL)
    assert (len(every), PROTOCOL.folds, PROTOCOL.paths, PROTOCOL.records) == (15, 15, 5, 120)
    seen = np.zeros((PROTOCOL.paths, BARS - 1), int)
    for fold in every:
        for (first, last), path in zip(fold.tests, fold.paths, strict=True):
            seen[path, first : last - 1] += 1
    assert (seen == 1).all()


def test_no_row_is_learned_from_within_a_window_of_a_test() -> None:
    for fold in folds(BARS, PROTOCOL):
        for learned_from, learned_to in fold.train:
            for first, last in fold.tests:
                before, after = learned_to - 1 <= first - WINDOW, learned_from >= last - 1 + WINDOW
                assert before or after
                if after:
                    assert learned_from >= last - 1 + WINDOW + PROTOCOL.embargo


def test_nothing_else_is_left_out() -> None:
    """Of 1200 steps a fold with both tests inside loses twice a purge before and after, and twice
    an embargo.
    """
    inner = folds(BARS, PROTOCOL)[6]
    assert inner.tests == ((200, 401), (600, 801))
    learned = sum(last - first - 1 for first, last in inner.train)
    assert learned == 1200 - 400 - 2 * (2 * WINDOW + PROTOCOL.embargo)
    assert inner.steps == 400


def test_a_history_that_is_too_short_is_refused() -> None:
    fewest = fewest_bars(PROTOCOL)
    assert folds(fewest, PROTOCOL)
    assert all(fold.train for fold in folds(fewest, PROTOCOL))
    with pytest.raises(ValueError, match="purged_size"):
        folds(100, PROTOCOL)
