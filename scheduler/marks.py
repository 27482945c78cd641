"""The remarkable days of a pool: what a person should know before reading its plan."""

from collections.abc import Iterable
from datetime import datetime

from market.remarkable import remarkable_days
from scheduler.contracts.overrides import Patch
from scheduler.contracts.schedule import DayMark
from scheduler.pools import Pool


def marks(
    pool: Pool, patches: Iterable[Patch], starts: datetime, ends: datetime
) -> tuple[DayMark, ...]:
    """Holidays, half days, changes of the clocks, lunch breaks and patches of [starts, ends).

    Where a pool has several calendars, each detail says whose it is.
    """
    first, last = starts.date(), ends.date()
    found = [
        DayMark(day=mark.day.isoformat(), kind=mark.kind, detail=_whose(pool, name, mark.detail))
        for name in pool.calendars
        for mark in remarkable_days(name, first, last)
    ]
    found += [
        DayMark(
            day=patch.day.isoformat(),
            kind="patch",
            detail=_whose(pool, patch.calendar, _said(patch)),
        )
        for patch in patches
        if patch.calendar in pool.calendars and first <= patch.day <= last
    ]
    return tuple(sorted(found, key=lambda mark: (mark.day, mark.kind, mark.detail)))


def _said(patch: Patch) -> str:
    times = [
        f"{word} {instant:%H:%M} UTC"
        for word, instant in (("opens", patch.opens), ("closes", patch.closes))
        if instant is not None
    ]
    return f"{', '.join(times) or 'closed'}: {patch.reason}"


def _whose(pool: Pool, calendar: str, detail: str) -> str:
    return detail if len(pool.calendars) == 1 else f"{calendar}: {detail}"
