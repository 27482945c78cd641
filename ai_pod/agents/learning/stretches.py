"""Which rows of a world may be learned from, and where episodes may begin in them.

A fold of cross-validation leaves gaps (the bars it is tested on, with purge and embargo); no
episode spans one, so nothing in a gap is seen, traded on, or paid for.
"""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Stretches: TypeAlias = tuple[tuple[int, int], ...]
"""Rows [first, last) of a world, in order and apart."""

Rows: TypeAlias = NDArray[np.int64]


def whole(bars: int) -> Stretches:
    """All rows of a world of so many bars."""
    return ((0, bars),)


def starts(stretches: Stretches, bars: int, episode_bars: int) -> tuple[Rows, Rows]:
    """Rows where an episode may begin, and how many bars each lasts from there.

    An episode of n bars that begins at row i marks its last bar at row i + n, which still lies in
    the stretch; one that is too short for `episode_bars` holds a single, shorter episode. Raises
    ValueError for stretches that overlap, leave the world's `bars`, or hold no two rows.
    """
    _check(stretches, bars)
    starts, lengths = [], []
    for first, last in stretches:
        length = min(episode_bars, last - first - 1)
        if length > 0:
            starts.append(np.arange(first, last - length, dtype=np.int64))
            lengths.append(np.full(last - length - first, length, np.int64))
    if not starts:
        raise ValueError(f"no two rows that follow one another in {stretches}")
    return np.concatenate(starts), np.concatenate(lengths)


def _check(stretches: Stretches, bars: int) -> None:
    free = 0
    for first, last in stretches:
        if not free <= first < last <= bars:
            raise ValueError(f"rows [{first}, {last}) are no stretch of [{free}, {bars})")
        free = last
