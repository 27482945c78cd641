"""Trading calendars as sorted integer arrays: when a market is open.

exchange_calendars tells the exchanges, pandas_market_calendars the CME's products with their daily
break; both are turned into arrays once. They know what was announced: a closure decided today is a
patch of the scheduler, not found here.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any

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
class Calendar:
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
    return calendar_over(name, start, end).sessions.between(start, end)


def to_ns(instant: datetime) -> int:
    """A UTC-aware instant as nanoseconds since 1970, exact to the microsecond."""
    return (instant - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1) * 1000


def from_ns(ns: int) -> datetime:
    """Nanoseconds since 1970 as a UTC instant, cut to the microsecond."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(ns) // 1000)


def calendar_over(name: str, start: date, end: date) -> Calendar:
    """The calendar over the years from `start` to `end`. Raises as `trading_sessions` does."""
    if end < start:
        raise CalendarError(f"calendar {name}: {end} is before {start}; give the earlier day first")
    try:
        return _loaded(name, date(start.year, 1, 1), date(end.year, 12, 31))
    except CalendarError:
        return _loaded(name, start, end)


@lru_cache(maxsize=64)
def _loaded(name: str, start: date, end: date) -> Calendar:
    if name == ALWAYS:
        return _always(start, end)
    if name in CME_PRODUCTS:
        return _cme(name, start, end)
    return _exchange(name, start, end)


def _always(start: date, end: date) -> Calendar:
    labels = np.arange(np.datetime64(start), np.datetime64(end) + 1)
    opens = labels.astype("datetime64[ns]").astype(np.int64)
    none = np.zeros(len(labels), dtype=np.int64)
    sessions = Sessions(opens, opens + _DAY_NS, none, none, labels)
    return Calendar(sessions, frozenset(), {}, "UTC", frozenset(range(7)))


def _exchange(name: str, start: date, end: date) -> Calendar:
    # pandas is heavy; only who asks for a calendar pays for it.
    import exchange_calendars as xcals

    known = xcals.get_calendar_names()
    if name not in known:
        some = ", ".join([ALWAYS, *CME_PRODUCTS, *(n for n in known if n.startswith("X"))][:24])
        raise CalendarError(f"unknown calendar {name!r}; known are {some}, …")
    try:
        calendar = xcals.get_calendar(name, start=start.isoformat(), end=end.isoformat())
    except xcals.errors.NoSessionsError:
        return Calendar(_empty(), frozenset(), {}, "UTC", frozenset())
    except (ValueError, NotImplementedError) as error:
        # Some of the library's calendars list every day that they cannot place.
        said = str(error)[:_LONGEST_REASON]
        raise CalendarError(f"calendar {name} does not cover {start} to {end}: {said}") from error
    table = calendar.schedule
    return Calendar(
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


def _cme(name: str, start: date, end: date) -> Calendar:
    import pandas_market_calendars as pmc

    calendar = pmc.get_calendar(CME_PRODUCTS[name])
    table = calendar.schedule(start.isoformat(), end.isoformat())
    return Calendar(
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
