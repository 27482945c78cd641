"""Which days of a calendar are remarkable: holidays, half days, changed clocks, lunch breaks."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from market.calendars import Calendar, Nanoseconds, calendar_over, from_ns


@dataclass(frozen=True)
class RemarkableDay:
    """`kind` is `holiday`, `half day`, `DST` or `lunch break`; `detail` says it in words."""

    day: date
    kind: str
    detail: str


@lru_cache(maxsize=64)
def remarkable_days(name: str, start: date, end: date) -> tuple[RemarkableDay, ...]:
    """Holidays, half days, changes of the clocks and lunch breaks from `start` to `end`, both
    included, ascending. Raises CalendarError as `trading_sessions` does.
    """
    known = calendar_over(name, start, end)
    marks = [
        *_holidays(known, start, end),
        *_session_marks(known, start, end),
        *_clock_changes(known.zone, start, end),
    ]
    return tuple(sorted(marks, key=lambda mark: (mark.day, mark.kind)))


def _holidays(known: Calendar, start: date, end: date) -> Iterator[RemarkableDay]:
    trading = set(known.sessions.labels.tolist())
    for day in _days(start, end):
        if day.weekday() in known.weekdays and day not in trading:
            yield RemarkableDay(day, "holiday", known.holidays.get(day, "the market is closed"))


def _session_marks(known: Calendar, start: date, end: date) -> Iterator[RemarkableDay]:
    sessions = known.sessions.between(start, end)
    for index, day in enumerate(sessions.labels.tolist()):
        if day in known.shortened:
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
