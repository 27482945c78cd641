"""The history store: one Parquet file per instrument and interval, through fsspec.

A small JSON beside names the file that counts and its sha256; replacing it is the commit, so that a
reader never sees half a write. One writer per instrument and interval; nobody reads what has not
ended: readers pass the market's time.
"""

import hashlib
import io
from collections.abc import Iterable
from datetime import datetime

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from market.calendars import from_ns, to_ns
from market.errors import HistoryError, UnknownInstrument
from market.files import Files, quoted
from market.series import VALUES, Bars, Panel, Ticks, no_bars, panel, same
from market.validation import check_bars, check_ticks
from market.words import Instrument, Interval, Word

TICKS = "ticks"
_BEGINNING = -(2**63)
"""Earlier than any bar."""


class Stored(Word, frozen=True, kw_only=True):
    """What is known of one stored series; `file` is the Parquet beside it."""

    instrument: Instrument
    interval: str
    file: str
    sha256: str
    rows: int
    first: datetime
    last: datetime
    synthetic: bool
    source: str


class History:
    """Reads and writes price history under `root`, a path or any fsspec URL."""

    def __init__(self, root: str) -> None:
        self.root = str(root)
        self._files = Files(self.root)

    def stored(self) -> list[Stored]:
        """Every series of the store, by interval and instrument."""
        paths = self._files.find(".json")
        return [msgspec.json.decode(self._files.read(path), type=Stored) for path in paths]

    def instruments(self) -> list[Instrument]:
        """Every instrument that has a series of any interval, by id."""
        found = {stored.instrument.id: stored.instrument for stored in self.stored()}
        return [found[name] for name in sorted(found)]

    def find(self, instrument: str, interval: Interval | str) -> Stored | None:
        """What is known of the series, or None when there is none."""
        data = self._files.read_if_there(_index_path(instrument, interval))
        return None if data is None else msgspec.json.decode(data, type=Stored)

    def read(
        self, instrument: str, interval: Interval, start: datetime | None, end: datetime
    ) -> Bars:
        """Bars that end in [start, end]; `start` None is the beginning.

        Pass the market's time as `end`: nothing later is returned. Raises UnknownInstrument.
        """
        bars = self._bars(self._known(instrument, interval))
        return bars.between(_BEGINNING if start is None else to_ns(start), to_ns(end))

    def read_panel(
        self,
        instruments: Iterable[str],
        interval: Interval,
        start: datetime | None,
        end: datetime,
    ) -> Panel:
        """Bars of several instruments side by side, arrays (T, k): see `market.series.panel`."""
        names = tuple(instruments)
        if not names:
            raise HistoryError("a panel needs at least one instrument")
        return panel(names, [self.read(name, interval, start, end) for name in names])

    def read_ticks(self, instrument: str, start: datetime | None, end: datetime) -> Ticks:
        """Trades with `at` in [start, end]. Raises UnknownInstrument."""
        table = self._table(self._known(instrument, TICKS))
        at = _array(table, "at")
        first = 0 if start is None else int(at.searchsorted(to_ns(start), side="left"))
        rows = slice(first, int(at.searchsorted(to_ns(end), side="right")))
        price, size = (_array(table, name)[rows] for name in ("price", "size"))
        return Ticks(at[rows], price, size)

    def write(self, instrument: Instrument, interval: Interval, bars: Bars) -> Stored:
        """Merge `bars` into the series; a bar that is there already is replaced.

        Raises BadData and changes nothing when a row is impossible.
        """
        check_bars(bars)
        before = self.find(instrument.id, interval)
        old = self._bars(before) if before else no_bars()
        merged = old.merged(bars)
        if not len(merged):
            raise HistoryError(f"{instrument.id} {interval}: there is no bar to write")
        if before and before.instrument == instrument and same(old, merged):
            return before
        columns = {"end": merged.end, **{name: getattr(merged, name) for name in VALUES}}
        return self._commit(instrument, interval, columns, synthetic=merged.synthetic)

    def write_ticks(self, instrument: Instrument, ticks: Ticks) -> Stored:
        """Replace the instrument's trades. Raises BadData and changes nothing when one is bad."""
        check_ticks(ticks)
        if not len(ticks):
            raise HistoryError(f"{instrument.id}: there is no tick to write")
        columns = {"at": ticks.at, "price": ticks.price, "size": ticks.size}
        return self._commit(instrument, TICKS, columns, synthetic=instrument.synthetic)

    def verify(self) -> list[str]:
        """What is wrong with the store, one line each; empty when all is well."""
        problems = []
        for stored in self.stored():
            data = self._files.read_if_there(_path(stored))
            if data is None:
                problems.append(f"{_path(stored)}: the file is missing")
            elif hashlib.sha256(data).hexdigest() != stored.sha256:
                problems.append(f"{_path(stored)}: the content is not what was written")
        return problems

    def _known(self, instrument: str, interval: Interval | str) -> Stored:
        stored = self.find(instrument, interval)
        if stored is None:
            known = [one.instrument.id for one in self.stored() if one.interval == interval]
            raise UnknownInstrument(instrument, known)
        return stored

    def _bars(self, stored: Stored) -> Bars:
        table = self._table(stored)
        columns = {name: _array(table, name) for name in VALUES}
        return Bars(end=_array(table, "end"), synthetic=stored.synthetic, **columns)

    def _table(self, stored: Stored) -> pa.Table:
        data = self._files.read_if_there(_path(stored))
        if data is None:
            # A writer replaced the series between our two reads: look once more.
            stored = self.find(stored.instrument.id, stored.interval) or stored
            data = self._files.read(_path(stored))
        # `read_table` goes through pyarrow's datasets, which import pandas.
        return pq.ParquetFile(io.BytesIO(data)).read()

    def _commit(
        self,
        instrument: Instrument,
        interval: Interval | str,
        columns: dict[str, np.ndarray],
        *,
        synthetic: bool,
    ) -> Stored:
        before = self.find(instrument.id, interval)
        buffer = io.BytesIO()
        pq.write_table(pa.table(columns), buffer, compression="zstd")
        data = buffer.getvalue()
        sha256 = hashlib.sha256(data).hexdigest()
        ends = next(iter(columns.values()))
        stored = Stored(
            instrument=instrument,
            interval=str(interval),
            file=f"{quoted(instrument.id)}.{sha256[:12]}.parquet",
            sha256=sha256,
            rows=len(ends),
            first=from_ns(int(ends[0])),
            last=from_ns(int(ends[-1])),
            synthetic=synthetic,
            source=instrument.source,
        )
        self._files.replace(_path(stored), data)
        self._files.replace(_index_path(instrument.id, interval), msgspec.json.encode(stored))
        if before is not None and before.file != stored.file:
            self._files.remove(_path(before))
        return stored


def _array(table: pa.Table, column: str) -> np.ndarray:
    """A column without gaps. A chunked one would import pandas: a second, and 60 MB."""
    values: np.ndarray = np.from_dlpack(table.column(column).combine_chunks())
    return values


def _path(stored: Stored) -> str:
    return f"{stored.interval}/{stored.file}"


def _index_path(instrument: str, interval: Interval | str) -> str:
    return f"{interval}/{quoted(instrument)}.json"
