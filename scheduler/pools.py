"""The pools the scheduler plans for, as configured: which calendars hold them, and when a pool that
never closes learns.
"""

import re
from datetime import UTC, date, datetime, time, timedelta

import msgspec

from market.calendars import trading_sessions
from market.errors import CalendarError
from market.words import Word

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9/+_.-]{0,62}")


class PoolsRefused(ValueError):
    """`SHIFTDESK_POOLS` is not understood."""


class LearningWindow(Word, frozen=True, kw_only=True):
    """Learning from `starts` to `ends` (UTC times of day; over midnight when `ends` is not later)
    on the named days.
    """

    starts: time
    ends: time
    days: tuple[str, ...] = DAYS

    def on(self, day: date) -> tuple[datetime, datetime] | None:
        """The window that starts on `day`."""
        if DAYS[day.weekday()] not in self.days:
            return None
        last = day if self.ends > self.starts else day + timedelta(days=1)
        return (
            datetime.combine(day, self.starts.replace(tzinfo=UTC)),
            datetime.combine(last, self.ends.replace(tzinfo=UTC)),
        )


class Pool(Word, frozen=True, kw_only=True):
    """A set of pods that shares a plan. It trades while any of its calendars does.

    Margins are seconds of market time: pods warm up before the open and flush after the close.
    """

    name: str
    calendars: tuple[str, ...] = ()
    learning_windows: tuple[LearningWindow, ...] = ()
    warm_up_seconds: float = 60.0
    flush_seconds: float = 60.0


def parse_pools(text: str) -> tuple[Pool, ...]:
    """`XNYS,XNYS+XLON` (a pool is the union of the calendars it names), or a JSON list of `Pool`.

    Raises PoolsRefused that says which entry is wrong.
    """
    if text.lstrip().startswith("["):
        try:
            pools = msgspec.json.decode(text, type=tuple[Pool, ...])
        except (msgspec.ValidationError, msgspec.DecodeError) as error:
            raise PoolsRefused(f"SHIFTDESK_POOLS is no list of pools: {error}") from error
    else:
        pools = tuple(Pool(name=name.strip()) for name in text.split(",") if name.strip())
    if not pools:
        raise PoolsRefused("SHIFTDESK_POOLS names no pool; write XNYS, or 24/7, or XNYS+XLON")
    if len({pool.name for pool in pools}) < len(pools):
        raise PoolsRefused(f"SHIFTDESK_POOLS names a pool twice: {text}")
    return tuple(_checked(pool) for pool in pools)


def _checked(pool: Pool) -> Pool:
    if not _NAME.fullmatch(pool.name):
        raise PoolsRefused(f"{pool.name!r} is no pool name: letters, digits and / + _ . - only")
    calendars = pool.calendars or tuple(pool.name.split("+"))
    for name in calendars:
        try:
            trading_sessions(name, date(2020, 1, 1), date(2020, 1, 1))
        except CalendarError as error:
            raise PoolsRefused(f"pool {pool.name}: {error}") from error
    for window in pool.learning_windows:
        strange = set(window.days) - set(DAYS)
        if strange or window.starts.tzinfo not in (None, UTC):
            raise PoolsRefused(
                f"pool {pool.name}: a learning window has times in UTC such as 22:00:00 and days "
                f"out of {', '.join(DAYS)}, not {', '.join(sorted(strange)) or window.starts}"
            )
    return msgspec.structs.replace(pool, calendars=calendars)
