"""Price series as arrays: bars of one instrument, a panel of several, ticks. Immutable by habit:
nobody writes into another's arrays.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Self

import numpy as np
import numpy.typing as npt

from market.calendars import from_ns
from market.words import Bar, Instrument, Interval

Floats = npt.NDArray[np.float64]
Nanoseconds = npt.NDArray[np.int64]

PRICES = ("open", "high", "low", "close")
VALUES = (*PRICES, "volume")


@dataclass(frozen=True, slots=True)
class Bars:
    """OHLCV of one instrument, ascending; `end` is int64 ns UTC, all arrays are (T,)."""

    end: Nanoseconds
    open: Floats
    high: Floats
    low: Floats
    close: Floats
    volume: Floats
    synthetic: bool = False

    def __len__(self) -> int:
        return len(self.end)

    def rows(self, selection: slice | npt.NDArray[np.int64] | npt.NDArray[np.bool_]) -> Self:
        """The selected rows."""
        return type(self)(
            end=self.end[selection],
            synthetic=self.synthetic,
            **{name: getattr(self, name)[selection] for name in VALUES},
        )

    def between(self, start_ns: int, end_ns: int) -> Self:
        """The bars that end in [start, end]."""
        first = int(self.end.searchsorted(start_ns, side="left"))
        last = int(self.end.searchsorted(end_ns, side="right"))
        return self.rows(slice(first, max(first, last)))

    def merged(self, newer: Self) -> Self:
        """Both, ascending; where both have a bar, the newer one stands."""
        ends = np.concatenate([self.end, newer.end])
        # The last of equal ends is the newer one: look for first occurrences from behind.
        kept, last = np.unique(ends[::-1], return_index=True)
        at = len(ends) - 1 - last
        columns = {
            name: np.concatenate([getattr(self, name), getattr(newer, name)])[at] for name in VALUES
        }
        synthetic = self.synthetic or newer.synthetic
        return type(self)(end=kept, synthetic=synthetic, **columns)

    def words(self, instrument: Instrument, interval: Interval) -> Iterator[Bar]:
        """As messages. A bar starts an interval before its end, or where the one before it ended:
        a session's last one may be cut short.
        """
        length = interval.seconds * 1_000_000_000
        starts = self.end - length
        starts[1:] = np.maximum(starts[1:], self.end[:-1])
        for row in range(len(self)):
            values = {name: float(getattr(self, name)[row]) for name in VALUES}
            yield Bar(
                instrument=instrument.id,
                interval=interval,
                start=from_ns(int(starts[row])),
                end=from_ns(int(self.end[row])),
                synthetic=self.synthetic,
                **values,
            )


@dataclass(frozen=True, slots=True)
class Panel:
    """Bars of several instruments side by side: `end` (T,), prices and volume (T, k).

    Where an instrument had no bar its close is the last one, its open, high and low are NaN.
    """

    instruments: tuple[str, ...]
    end: Nanoseconds
    open: Floats
    high: Floats
    low: Floats
    close: Floats
    volume: Floats
    synthetic: bool = False

    def __len__(self) -> int:
        return len(self.end)


@dataclass(frozen=True, slots=True)
class Ticks:
    """Trades of one instrument in time order: `at` int64 ns UTC, `price`, `size`; all (N,)."""

    at: Nanoseconds
    price: Floats
    size: Floats

    def __len__(self) -> int:
        return len(self.at)


def no_bars(synthetic: bool = False) -> Bars:
    """An empty series."""
    none = np.zeros(0)
    return Bars(np.zeros(0, dtype=np.int64), none, none, none, none, none, synthetic)


def concatenated(parts: list[Bars]) -> Bars:
    """Series that follow one another as one."""
    if not parts:
        return no_bars()
    columns = {name: np.concatenate([getattr(part, name) for part in parts]) for name in VALUES}
    end = np.concatenate([part.end for part in parts])
    return Bars(end=end, synthetic=any(part.synthetic for part in parts), **columns)


def panel(instruments: tuple[str, ...], series: list[Bars]) -> Panel:
    """The series side by side: a row for each end at which at least one of them has a bar, from the
    first by which all have had one.

    Who has no bar in a row carries its last close on, has no open, high and low (NaN: nothing
    fills there) and a volume of 0. It is what a live window of the same instruments holds.
    """
    ends = np.unique(np.concatenate([bars.end for bars in series]))
    begun = all(len(bars) for bars in series)
    ends = ends[ends >= max(bars.end[0] for bars in series)] if begun else ends[:0]
    rows = [bars.end.searchsorted(ends, side="right") - 1 for bars in series]
    there = [bars.end[at] == ends for bars, at in zip(series, rows, strict=True)]
    columns = {
        name: np.stack(
            [
                _spread(name, getattr(bars, name)[at], known)
                for bars, at, known in zip(series, rows, there, strict=True)
            ],
            axis=1,
        )
        for name in VALUES
    }
    synthetic = any(bars.synthetic for bars in series)
    return Panel(instruments=instruments, end=ends, synthetic=synthetic, **columns)


def _spread(name: str, values: Floats, known: npt.NDArray[np.bool_]) -> Floats:
    """Values of the last bar at or before each row, where the bar is `known` to be the row's."""
    if name == "close":
        return values
    spread: Floats = np.where(known, values, 0.0 if name == "volume" else np.nan)
    return spread


def same(one: Bars, other: Bars) -> bool:
    """Whether both hold exactly the same."""
    return all(
        np.array_equal(getattr(one, field.name), getattr(other, field.name))
        for field in fields(one)
    )
