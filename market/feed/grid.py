"""Where bars begin and end: aligned to the session's open, cut at its break and its close."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import numpy as np
import numpy.typing as npt

from market.calendars import Sessions, from_ns, to_ns, trading_sessions
from market.series import VALUES, Bars
from market.words import Interval

Nanoseconds = npt.NDArray[np.int64]

SECOND_NS = 1_000_000_000
MINUTE_NS = 60 * SECOND_NS
_REACH = timedelta(days=40)


def boundaries(
    sessions: Sessions, interval: Interval, instants: Nanoseconds
) -> tuple[Nanoseconds, Nanoseconds]:
    """(starts, ends) of the bars [start, end) that hold the instants; 0, 0 outside of trading.

    A day's bar is the whole session. `instants` are ns UTC, any shape.
    """
    if not len(sessions):
        return np.zeros_like(instants), np.zeros_like(instants)
    row = sessions.opens.searchsorted(instants, side="right") - 1
    at = np.maximum(row, 0)
    opens, closes = sessions.opens[at], sessions.closes[at]
    break_starts, break_ends = sessions.break_starts[at], sessions.break_ends[at]
    pausing = (instants >= break_starts) & (instants < break_ends)
    trading = (row >= 0) & (instants < closes) & ~pausing
    if interval is Interval.DAY:
        return np.where(trading, opens, 0), np.where(trading, closes, 0)
    length = interval.seconds * SECOND_NS
    starts = opens + (instants - opens) // length * length
    ends = np.minimum(starts + length, closes)
    has_break = break_ends > 0
    later = has_break & (instants >= break_ends)
    sooner = has_break & (instants < break_starts)
    starts = np.where(later, np.maximum(starts, break_ends), starts)
    ends = np.where(sooner, np.minimum(ends, break_starts), ends)
    return np.where(trading, starts, 0), np.where(trading, ends, 0)


def aggregate(minutes: Bars, interval: Interval, sessions: Sessions) -> Bars:
    """Bars of `interval` out of shorter ones; bars outside of the sessions are left out."""
    _, ends = boundaries(sessions, interval, minutes.end - 1)
    inside = minutes.rows(ends > 0)
    ends = ends[ends > 0]
    if not len(ends):
        return inside
    first = np.flatnonzero(np.diff(ends, prepend=ends[0] - 1))
    last = np.append(first[1:], len(ends)) - 1
    columns = {
        "open": inside.open[first],
        "high": np.maximum.reduceat(inside.high, first),
        "low": np.minimum.reduceat(inside.low, first),
        "close": inside.close[last],
        "volume": np.add.reduceat(inside.volume, first),
    }
    assert tuple(columns) == VALUES
    return Bars(end=ends[first], synthetic=minutes.synthetic, **columns)


class Grid:
    """The bars of one calendar, at whatever instant is asked; loads sessions as time goes on."""

    def __init__(self, calendar: str) -> None:
        self.calendar = calendar
        self._sessions: Sessions | None = None
        self._from = self._to = 0

    def sessions_around(self, ns: int) -> Sessions:
        """The sessions of the weeks around the instant."""
        if self._sessions is None or not self._from <= ns < self._to:
            middle = from_ns(ns).date()
            first, last = middle - _REACH, middle + _REACH
            self._sessions = trading_sessions(self.calendar, first, last)
            self._from = ns - 20 * 86400 * SECOND_NS
            self._to = ns + 20 * 86400 * SECOND_NS
        return self._sessions

    def bar(self, interval: Interval, ns: int) -> tuple[int, int] | None:
        """(start, end) of the bar that holds the instant; None outside of trading."""
        at = np.array([ns], dtype=np.int64)
        starts, ends = boundaries(self.sessions_around(ns), interval, at)
        return (int(starts[0]), int(ends[0])) if ends[0] else None


def session_open(grids: Iterable[Grid], instant: datetime) -> datetime:
    """The earliest open of the sessions that hold or follow the instant; the instant itself when
    it lies before.
    """
    ns, opens = to_ns(instant), []
    for grid in grids:
        sessions = grid.sessions_around(ns)
        row = int(sessions.closes.searchsorted(ns, side="right"))
        if row < len(sessions):
            opens.append(int(sessions.opens[row]))
    return min(instant, from_ns(min(opens))) if opens else instant
