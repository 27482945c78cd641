"""Trading calendars as sorted integer arrays: when a market is open, and which days are remarkable.

exchange_calendars tells the exchanges, pandas_market_calendars the CME's products with their daily
break; both are turned into arrays once. They know what was announced: a closure decided today is a
patch of the scheduler, not found here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from market.errors import CalendarError

Nanoseconds = NDArray[np.int64]
"""Instants as int64 nanoseconds since 1970 UTC."""

ALWAYS = "24/7"
CME_PRODUCTS = {
    "CMES": "CME Globex Equity",
    "CME_FX": "CMEGlobex_FX",
    "CME_RATES": "CME Globex Interest Rate Products",
    "CME_ENERGY": "CMEGlobex_Energy",
    "CME_METALS": "CMEGlobex_Metals",
}
"""Our calendar name → pandas_market_calendars' name."""

_DAY_NS = 86_400_000_000_000
_LONGEST_REASON = 200


@dataclass(frozen=True)
class Sessions:
    """Market sessions, ascending: [opens, closes) without [break_starts, break_ends).

    All arrays have one length; breaks are 0 where there is none; `labels` are the session dates
    (datetime64[D]), which may lie a day after the opening, as the CME's do.
    """

    opens: Nanoseconds
    closes: Nanoseconds
    break_starts: Nanoseconds
    break_ends: Nanoseconds
    labels: NDArray[np.datetime64]

    def __len__(self) -> int:
        return len(self.opens)

    def is_open(self, ns: int) -> bool:
        """Whether the market trades at the instant; its lunch break counts as closed."""
        index = int(self.opens.searchsorted(ns, side="right")) - 1
        if index < 0 or ns >= self.closes[index]:
            return False
        return not self.break_starts[index] <= ns < self.break_ends[index]

    def slice(self, start_ns: int, end_ns: int) -> "Sessions":
        """The sessions that overlap [start, end), whole."""
        first = int(self.closes.searchsorted(start_ns, side="right"))
        last = int(self.opens.searchsorted(end_ns, side="left"))
        return self._rows(first, max(first, last))

    def between(self, first: date, last: date) -> "Sessions":
        """The sessions whose labels lie in [first, last]."""
        low = int(self.labels.searchsorted(np.datetime64(first), side="left"))
        high = int(self.labels.searchsorted(np.datetime64(last), side="right"))
        return self._rows(low, high)

    def spans(self) -> tuple[Nanoseconds, Nanoseconds]:
        """Stretches of trading (starts, ends): split at breaks, joined where they touch."""
        broken = self.break_starts > 0
        starts = np.concatenate([self.opens, self.break_ends[broken]])
        ends = np.concatenate(
            [np.where(broken, self.break_starts, self.closes), self.closes[broken]]
        )
        return _joined(starts, ends)

    def union(self, *others: "Sessions") -> "Sessions":
        """When any of the markets trades. Breaks become gaps; labels are the UTC dates of the
        openings.
        """
        parts = [sessions.spans() for sessions in (self, *others)]
        starts, ends = _joined(
            np.concatenate([start for start, _ in parts]), np.concatenate([end for _, end in parts])
        )
        none = np.zeros(len(starts), dtype=np.int64)
        return Sessions(starts, ends, none, none, (starts // _DAY_NS).astype("datetime64[D]"))

    def _rows(self, first: int, last: int) -> "Sessions":
        return Sessions(
            self.opens[first:last],
            self.closes[first:last],
            self.break_starts[first:last],
            self.break_ends[first:last],
            self.labels[first:last],
        )


@dataclass(frozen=True)
class RemarkableDay:
    """`kind` is `holiday`, `half day`, `DST` or `lunch break`; `detail` says it in words."""

    day: date
    kind: str
    detail: str


@dataclass(frozen=True)
class _Calendar:
    """A calendar over whole years: sessions, the labels of shortened ones, holidays' names, the
    exchange's zone, and the weekdays it trades on (Monday = 0).
    """

    sessions: Sessions
    shortened: frozenset[date]
    holidays: dict[date, str]
    zone: str
    weekdays: frozenset[int]


@lru_cache(maxsize=512)
def trading_sessions(name: str, start: date, end: date) -> Sessions:
    """The market sessions labelled `start` to `end`, both included.

    `name` is an exchange's MIC (`XNYS`, `XTKS`, …), one of `CME_PRODUCTS`, or `24/7`. Raises
    CalendarError when it is unknown or does not cover the dates.
    """
    return _calendar(name, start, end).sessions.between(start, end)


@lru_cache(maxsize=64)
def remarkable_days(name: str, start: date, end: date) -> tuple[RemarkableDay, ...]:
    """Holidays, half days, changes of the clocks and lunch breaks from `start` to `end`, both
    included, ascending. Raises CalendarError as `trading_sessions` does.
    """
    calendar = _calendar(name, start, end)
    marks = [
        *_holidays(calendar, start, end),
        *_session_marks(calendar, start, end),
        *_clock_changes(calendar.zone, start, end),
    ]
    return tuple(sorted(marks, key=lambda mark: (mark.day, mark.kind)))


def to_ns(instant: datetime) -> int:
    """A UTC-aware instant as nanoseconds since 1970, exact to the microsecond."""
    return (instant - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1) * 1000


def from_ns(ns: int) -> datetime:
    """Nanoseconds since 1970 as a UTC instant, cut to the microsecond."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(ns) // 1000)


def _calendar(name: str, start: date, end: date) -> _Calendar:
    if end < start:
        raise CalendarError(f"calendar {name}: {end} is before {start}; give the earlier day first")
    try:
        return _loaded(name, date(start.year, 1, 1), date(end.year, 12, 31))
    except CalendarError:
        return _loaded(name, start, end)


@lru_cache(maxsize=64)
def _loaded(name: str, start: date, end: date) -> _Calendar:
    if name == ALWAYS:
        return _always(start, end)
    if name in CME_PRODUCTS:
        return _cme(name, start, end)
    return _exchange(name, start, end)


def _always(start: date, end: date) -> _Calendar:
    labels = np.arange(np.datetime64(start), np.datetime64(end) + 1)
    opens = labels.astype("datetime64[ns]").astype(np.int64)
    none = np.zeros(len(labels), dtype=np.int64)
    sessions = Sessions(opens, opens + _DAY_NS, none, none, labels)
    return _Calendar(sessions, frozenset(), {}, "UTC", frozenset(range(7)))


def _exchange(name: str, start: date, end: date) -> _Calendar:
    # pandas is heavy; only who asks for a calendar pays for it.
    import exchange_calendars as xcals

    known = xcals.get_calendar_names()
    if name not in known:
        some = ", ".join([ALWAYS, *CME_PRODUCTS, *(n for n in known if n.startswith("X"))][:24])
        raise CalendarError(f"unknown calendar {name!r}; known are {some}, …")
    try:
        calendar = xcals.get_calendar(name, start=start.isoformat(), end=end.isoformat())
    except xcals.errors.NoSessionsError:
        return _Calendar(_empty(), frozenset(), {}, "UTC", frozenset())
    except (ValueError, NotImplementedError) as error:
        # Some of the library's calendars list every day that they cannot place.
        said = str(error)[:_LONGEST_REASON]
        raise CalendarError(f"calendar {name} does not cover {start} to {end}: {said}") from error
    table = calendar.schedule
    return _Calendar(
        _sessions(table["open"], table["close"], table["break_start"], table["break_end"]),
        frozenset(_dates(calendar.early_closes) + _dates(calendar.late_opens)),
        _holiday_names(calendar.regular_holidays, start, end),
        str(calendar.tz),
        frozenset(day for day, open_ in enumerate(calendar.weekmask) if open_ == "1"),
    )


def _holiday_names(rules: Any, start: date, end: date) -> dict[date, str]:
    """By day; exchanges that announce all their holidays year by year have no rules (None)."""
    if rules is None:
        return {}
    names = rules.holidays(start.isoformat(), end.isoformat(), return_name=True)
    return dict(zip(_dates(names.index), names, strict=True))


def _cme(name: str, start: date, end: date) -> _Calendar:
    import pandas_market_calendars as pmc

    calendar = pmc.get_calendar(CME_PRODUCTS[name])
    table = calendar.schedule(start.isoformat(), end.isoformat())
    return _Calendar(
        _sessions(table["market_open"], table["market_close"], None, None),
        frozenset(_dates(calendar.early_closes(table).index)),
        {},
        str(calendar.tz),
        frozenset(range(5)),
    )


def _sessions(opens: Any, closes: Any, break_starts: Any, break_ends: Any) -> Sessions:
    """pandas columns → arrays. Columns may be in another unit than nanoseconds."""
    none = np.zeros(len(opens), dtype=np.int64)
    return Sessions(
        _ns(opens),
        _ns(closes),
        none if break_starts is None else _ns(break_starts),
        none if break_ends is None else _ns(break_ends),
        opens.index.to_numpy().astype("datetime64[D]"),
    )


def _ns(column: Any) -> Nanoseconds:
    instants = column.dt.tz_convert("UTC").dt.tz_localize(None).to_numpy()
    missing = np.isnat(instants)
    return np.where(missing, 0, instants.astype("datetime64[ns]").astype(np.int64))


def _dates(index: Any) -> list[date]:
    return [stamp.date() for stamp in index]


def _empty() -> Sessions:
    none = np.zeros(0, dtype=np.int64)
    return Sessions(none, none, none, none, none.astype("datetime64[D]"))


def _joined(starts: Nanoseconds, ends: Nanoseconds) -> tuple[Nanoseconds, Nanoseconds]:
    """Overlapping or touching stretches made one, ascending."""
    order = np.argsort(starts, kind="stable")
    starts, reach = starts[order], np.maximum.accumulate(ends[order])
    if len(starts) == 0:
        return starts, reach
    fresh = np.concatenate([[True], starts[1:] > reach[:-1]])
    last = np.concatenate([fresh[1:], [True]])
    return starts[fresh], reach[last]


def _holidays(calendar: _Calendar, start: date, end: date) -> Iterator[RemarkableDay]:
    trading = set(calendar.sessions.labels.tolist())
    for day in _days(start, end):
        if day.weekday() in calendar.weekdays and day not in trading:
            yield RemarkableDay(day, "holiday", calendar.holidays.get(day, "the market is closed"))


def _session_marks(calendar: _Calendar, start: date, end: date) -> Iterator[RemarkableDay]:
    sessions = calendar.sessions.between(start, end)
    for index, day in enumerate(sessions.labels.tolist()):
        if day in calendar.shortened:
            yield RemarkableDay(day, "half day", _hours(sessions.opens, sessions.closes, index))
        if sessions.break_starts[index]:
            hours = _hours(sessions.break_starts, sessions.break_ends, index)
            yield RemarkableDay(day, "lunch break", hours)


def _clock_changes(zone_name: str, start: date, end: date) -> Iterator[RemarkableDay]:
    zone = ZoneInfo(zone_name)
    for day in _days(start, end):
        before, after = (
            datetime.combine(day + timedelta(days=days), time(), zone).utcoffset()
            for days in (0, 1)
        )
        if before is not None and after is not None and before != after:
            way = "forward" if after > before else "back"
            yield RemarkableDay(day, "DST", f"clocks of {zone_name} go {way}")


def _hours(starts: Nanoseconds, ends: Nanoseconds, index: int) -> str:
    return f"{from_ns(starts[index]):%H:%M}–{from_ns(ends[index]):%H:%M} UTC"


def _days(start: date, end: date) -> Iterator[date]:
    return (start + timedelta(days=days) for days in range((end - start).days + 1))
