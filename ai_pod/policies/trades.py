"""A run's fills in order, and the trades that they make: positions from flat to flat."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field

import numba
import numpy as np
from numpy.typing import NDArray

from ai_pod.policies.backtest import Run
from ai_pod.policies.features import Array

Rows = NDArray[np.int64]

FLAT = 1e-9
"""Units: a position smaller than this is none."""
_DECIMALS = 6
"""To so many decimals fills count as the same."""


@dataclass(frozen=True)
class Fills:
    """Fills in order of time, then instrument: row of the bar that filled (m,), column of its
    instrument, signed quantity, price, commission.
    """

    row: Rows
    column: Rows
    quantity: Array
    price: Array
    commission: Array

    def __len__(self) -> int:
        return len(self.row)


@dataclass(frozen=True)
class Trades:
    """Trades (m,) in the order in which they ended, by rows of the run's bars.

    `profit` is after commissions; `invested` the largest value held; `open` marks those that still
    were at the end, at the last close.
    """

    column: Rows
    opened: Rows
    closed: Rows
    profit: Array
    invested: Array
    open: NDArray[np.bool_]
    long: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, bool))

    def __len__(self) -> int:
        return len(self.column)

    def largest(self, count: int) -> Iterator[int]:
        """The trades that moved most money, either way."""
        yield from np.argsort(-np.abs(self.profit), kind="stable")[:count].tolist()


def fills_of(run: Run) -> Fills:
    """Every fill of the run."""
    rows, columns = np.nonzero(run.quantities)
    at = (rows, columns)
    return Fills(rows + 1, columns, run.quantities[at], run.prices[at], run.commissions[at])


def fills_hash(run: Run, instruments: tuple[str, ...]) -> str:
    """The same fills, the same hash: of bar ends, instruments, quantities, prices, commissions."""
    fills = fills_of(run)
    digest = hashlib.sha256("\n".join(instruments).encode())
    digest.update(run.ends[fills.row].astype("<i8").tobytes())
    digest.update(fills.column.astype("<i8").tobytes())
    for values in (fills.quantity, fills.price, fills.commission):
        digest.update((np.round(values, _DECIMALS) + 0.0).astype("<f8").tobytes())
    return digest.hexdigest()


def trades_of(run: Run, close: Array) -> Trades:
    """The run's trades; those that are open at the end count at the last of the closes (n, k)."""
    fills = fills_of(run)
    by_instrument = np.argsort(fills.column, kind="stable")
    columns = fills.column[by_instrument]
    ints, floats, count = _match(
        fills.row[by_instrument],
        columns,
        fills.quantity[by_instrument],
        fills.price[by_instrument],
        fills.commission[by_instrument],
        np.ascontiguousarray(close[-1]),
        len(close) - 1,
    )
    ints, floats = ints[:count], floats[:count]
    order = np.lexsort((ints[:, 0], ints[:, 2]))
    ints, floats = ints[order], floats[order]
    return Trades(
        column=ints[:, 0],
        opened=ints[:, 1],
        closed=ints[:, 2],
        profit=floats[:, 0],
        invested=floats[:, 1],
        open=ints[:, 3] == 1,
        long=ints[:, 4] == 1,
    )


@numba.njit(cache=True)  # type: ignore[untyped-decorator]  # numba ships no types
def _match(
    rows: Rows,
    columns: Rows,
    quantities: Array,
    prices: Array,
    fees: Array,
    last: Array,
    end: int,
) -> tuple[Rows, Array, int]:
    """Walk fills that are sorted by instrument, then time; (column, opened, closed, open, long) and
    (profit, invested) of each trade. A fill over zero ends one trade and begins the next, its
    commission shared by quantity.
    """
    ints = np.zeros((2 * len(rows) + 1, 5), np.int64)
    floats = np.zeros((2 * len(rows) + 1, 2))
    count, held, flow, invested, opened = 0, 0.0, 0.0, 0.0, 0
    for i in range(len(rows)):
        left, price = quantities[i], prices[i]
        a_unit = fees[i] / abs(left)
        while abs(left) > FLAT:
            part = left
            if held * left < 0.0 and abs(left) > abs(held):
                part = -held
            if abs(held) <= FLAT:
                opened, invested, flow = rows[i], 0.0, 0.0
            was_long = 1 if held > 0.0 else 0
            held += part
            left -= part
            flow -= part * price + abs(part) * a_unit
            invested = max(invested, abs(held) * price)
            if abs(held) <= FLAT:
                ints[count] = (columns[i], opened, rows[i], 0, was_long)
                floats[count] = (flow, invested)
                count, held = count + 1, 0.0
        if i + 1 == len(rows) or columns[i + 1] != columns[i]:
            if abs(held) > FLAT:
                ints[count] = (columns[i], opened, end, 1, 1 if held > 0.0 else 0)
                floats[count] = (flow + held * last[columns[i]], invested)
                count += 1
            held = 0.0
    return ints, floats, count
