"""The last closes of a set of instruments, bar by bar, as arrays that the features read."""

import math
from bisect import bisect_right
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from ai_pod.policies.features import WINDOW, Array
from market.words import BarsClosed

CAPACITY = WINDOW + 1024
"""Bars kept: the features' window, and as many again as a desk may have to catch up with."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def micros(instant: datetime) -> int:
    return (instant - _EPOCH) // _MICROSECOND


def instant(at: int) -> datetime:
    return _EPOCH + timedelta(microseconds=at)


class Window:
    """Closes (rows, k) of the bar ends at which one of the instruments traded, ascending, in
    microseconds since 1970. One that did not trade carries its last close on; before its first it
    is NaN. The rows are those of `market.series.panel`, which policies learn from.

    `heard` is the end of the last bar told, of whatever instruments; `settled` when nothing more
    will be put in front.
    """

    def __init__(self, instruments: tuple[str, ...]) -> None:
        self.instruments = instruments
        self.synthetic = False
        self.heard = 0
        self.settled = False
        self._columns = {instrument: index for index, instrument in enumerate(instruments)}
        self._ends: list[int] = []
        self._closes: Array = np.full((2 * CAPACITY, len(instruments)), np.nan)

    @property
    def first_end(self) -> int | None:
        return self._ends[0] if self._ends else None

    @property
    def last_end(self) -> int:
        return self._ends[-1] if self._ends else 0

    def append(self, closed: BarsClosed) -> None:
        """Add a bar's closes, where one of them is ours; a bar that is not newer than the last is
        known already.
        """
        end = micros(closed.end)
        self.heard = max(self.heard, end)
        ours = [bar for bar in closed.bars if bar.instrument in self._columns]
        if end <= self.last_end or not ours:
            return
        row = self._new_row(end)
        for bar in ours:
            row[self._columns[bar.instrument]] = bar.close
            self.synthetic = self.synthetic or bar.synthetic

    def prepend(self, ends: NDArray[np.int64], closes: Array) -> None:
        """Put older bars in front: what the history store knows of the time before the stream."""
        first = self.first_end
        older = slice(0, None if first is None else int(np.searchsorted(ends, first)))
        all_closes = np.concatenate([closes[older], self._closes[: len(self._ends)]])[-CAPACITY:]
        self._ends = [*ends[older].tolist(), *self._ends][-CAPACITY:]
        self._closes[: len(self._ends)] = _carried_on(all_closes)

    def next_end(self, after: int) -> int | None:
        """The first bar end after `after`."""
        index = self.rows_until(after)
        return self._ends[index] if index < len(self._ends) else None

    def rows_until(self, end: int) -> int:
        """How many bars are known up to and including `end`."""
        return bisect_right(self._ends, end)

    def until(self, end: int) -> Array:
        """The closes of the last WINDOW bars (fewer if no more are known) up to `end`."""
        stop = self.rows_until(end)
        return self._closes[max(0, stop - WINDOW) : stop]

    def prices_at(self, closes: Array) -> dict[str, float]:
        """The last of the closes (rows, k), by instrument; one that has not traded yet has none."""
        last = zip(self.instruments, closes[-1].tolist(), strict=True)
        return {instrument: close for instrument, close in last if not math.isnan(close)}

    def _new_row(self, end: int) -> Array:
        count = len(self._ends)
        if count == len(self._closes):
            count = CAPACITY
            del self._ends[:-CAPACITY]
            self._closes[:CAPACITY] = self._closes[-CAPACITY:]
        row: Array = self._closes[count]
        row[:] = self._closes[count - 1] if count else np.nan
        self._ends.append(end)
        return row


def filled(instruments: tuple[str, ...], closed: Iterable[BarsClosed]) -> Window:
    """A window of bars in ascending order."""
    window = Window(instruments)
    for bars in closed:
        window.append(bars)
    return window


def _carried_on(closes: Array) -> Array:
    rows = np.where(np.isnan(closes), 0, np.arange(len(closes))[:, None])
    carried: Array = closes[np.maximum.accumulate(rows, axis=0), np.arange(closes.shape[1])]
    return carried
