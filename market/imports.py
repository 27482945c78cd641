"""Price bars out of people's CSV and Parquet files, believed only when every row can be.

Columns: `timestamp` or `date`, open, high, low, close, volume. A bar shorter than a day carries an
instant with its zone; a day's bar carries the date of its session, and ends at the session's close
by the instrument's calendar.
"""

import warnings
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from market.calendars import Sessions, from_ns, trading_sessions
from market.errors import BadData, HistoryError
from market.feed.grid import SECOND_NS, boundaries
from market.history import History, Stored
from market.series import VALUES, Bars
from market.stamps import dates, instants
from market.validation import check_bars, check_order, refuse_first, session_closes
from market.words import Instrument, Interval, Stamps

_OTHER_STAMPS: dict[Stamps, str] = {
    "end": "no bar ends as the market opens: do the stamps mark beginnings?",
    "start": "no bar begins as the market closes: do the stamps mark ends?",
}
Nanoseconds = npt.NDArray[np.int64]


def import_file(
    history: History,
    path: Path,
    instrument: Instrument,
    interval: Interval,
    stamps: Stamps = "end",
) -> Stored:
    """Read, check and store the file. Raises BadData with row and reason, and stores nothing."""
    return history.write(instrument, interval, read_bars(path, instrument, interval, stamps))


def read_bars(
    path: Path, instrument: Instrument, interval: Interval, stamps: Stamps = "end"
) -> Bars:
    """The file's bars, checked. Raises BadData with row and reason; HistoryError without a file."""
    if not path.is_file():
        raise HistoryError(f"there is no file {path}")
    frame = _parquet(path) if path.suffix in (".parquet", ".pq") else _csv(path)
    stamp = _columns(frame)
    if not len(frame):
        raise BadData("the file has no rows")
    values = {name: _numbers(frame[name]) for name in VALUES}
    bars = Bars(
        end=_ends(frame[stamp], instrument, interval, stamps),
        synthetic=instrument.synthetic,
        **values,
    )
    check_bars(bars)
    return bars


def _csv(path: Path) -> pd.DataFrame:
    try:
        with warnings.catch_warnings():
            # A row with more fields than the header is an error, not something to cut.
            warnings.simplefilter("error", pd.errors.ParserWarning)
            return pd.read_csv(
                path, dtype=str, keep_default_na=False, index_col=False, encoding="utf-8-sig"
            )
    except pd.errors.EmptyDataError as error:
        raise BadData("the file is empty") from error
    except (pd.errors.ParserError, pd.errors.ParserWarning) as error:
        raise BadData(f"the file is no table: {error}") from error
    except UnicodeDecodeError as error:
        raise BadData("the file is not UTF-8 text") from error


def _parquet(path: Path) -> pd.DataFrame:
    try:
        return pq.read_table(path).to_pandas(ignore_metadata=True)
    except pa.ArrowException as error:
        raise BadData(f"the file is no Parquet: {error}") from error


def _columns(frame: pd.DataFrame) -> str:
    """Lower the names, and return the timestamp's. Raises BadData when one is missing."""
    frame.columns = [str(name).strip().lower() for name in frame.columns]
    there = list(frame.columns)
    stamp = next((name for name in ("timestamp", "date") if name in there), None)
    missing = [name for name in VALUES if name not in there]
    if stamp is None:
        missing.insert(0, "timestamp (or date)")
    if stamp is None or missing:
        raise BadData(f"columns are missing: {', '.join(missing)}; there are: {', '.join(there)}")
    twice = sorted({name for name in there if there.count(name) > 1})
    if twice:
        raise BadData(f"columns are there twice: {', '.join(twice)}")
    return stamp


def _numbers(column: pd.Series) -> npt.NDArray[np.float64]:
    """As float64; what is no number becomes NaN, which the check refuses with its row."""
    numbers: npt.NDArray[np.float64] = pd.to_numeric(column, errors="coerce").to_numpy(np.float64)
    return numbers


def _ends(
    column: pd.Series, instrument: Instrument, interval: Interval, stamps: Stamps
) -> Nanoseconds:
    if interval is Interval.DAY:
        return session_closes(dates(column), instrument.calendar)
    at = instants(column)
    check_order(at)
    length = interval.seconds * SECOND_NS
    outside = at if stamps == "end" else at + length
    if not instrument.calendar:
        return outside
    day = 86400 * SECOND_NS
    first, last = from_ns(int(at[0]) - day).date(), from_ns(int(at[-1]) + day).date()
    sessions = trading_sessions(instrument.calendar, first, last)
    _, ends = boundaries(sessions, interval, at - 1 if stamps == "end" else at)
    refuse_first(
        [
            (_lonely(at, ends == 0, sessions, stamps, length), _OTHER_STAMPS[stamps]),
            (
                (ends > 0) & (np.diff(ends, prepend=0) == 0),
                f"it is in the same {interval} bar as the row before",
            ),
        ]
    )
    return outside if stamps == "end" else np.where(ends > 0, ends, outside)


def _lonely(
    at: Nanoseconds,
    outside: npt.NDArray[np.bool_],
    sessions: Sessions,
    stamps: Stamps,
    length: int,
) -> npt.NDArray[np.bool_]:
    """Bars that would end at an opening, with none before them, or begin at a close, with none
    after: the stamps of such a file mean the other thing, and its bars would be off by one.
    """
    if stamps == "end":
        edges, gaps = sessions.opens, np.diff(at, prepend=at[0] - 2 * length)
    else:
        edges, gaps = sessions.closes, np.diff(at, append=at[-1] + 2 * length)
    return outside & np.isin(at, edges) & (gaps > length)
