"""Sessions that have ended, fetched from the vendor into the history store.

The vendor's minutes become the bars of every kept interval by the same grid as live ones. What is
asked for follows from what is stored: the sessions after an instrument's last bar.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import numpy as np

from market.calendars import Sessions, to_ns, trading_sessions
from market.feed.grid import aggregate
from market.feed.source import Print
from market.history import History
from market.series import Bars
from market.words import Instrument, Interval

KEPT = (Interval.MINUTE, Interval.FIVE_MINUTES, Interval.QUARTER, Interval.HOUR, Interval.DAY)
SETTLED = timedelta(minutes=30)
"""Free tapes tell what is a quarter of an hour old; late prints are in by then."""
REACH = timedelta(days=14)
"""How far back an instrument without bars begins, and how long an outage is made up for. A run goes
all the way: one instrument that never has bars would else keep the others from the newest.
"""


class Minutes(Protocol):
    """What is needed of a vendor: `market.feed.source.Source` has it."""

    @property
    def instruments(self) -> tuple[Instrument, ...]: ...

    async def minutes(self, start: int, end: int) -> list[Print]: ...


@dataclass(frozen=True)
class Fetched:
    """Bars of one instrument's session that were written, by interval; none: it did not trade."""

    instrument: str
    session: str
    bars: dict[str, int]


async def fetch_sessions(history: History, vendor: Minutes, now: datetime) -> list[Fetched]:
    """Fetch what is missing of the sessions that ended `SETTLED` before `now`."""
    fetched: list[Fetched] = []
    by_calendar: dict[str, list[Instrument]] = {}
    for instrument in vendor.instruments:
        by_calendar.setdefault(instrument.calendar, []).append(instrument)
    for calendar, instruments in by_calendar.items():
        since = {one.id: _last_end(history, one, now) for one in instruments}
        missing = _ended(calendar, min(since.values()), now)
        for label in missing.labels:
            session = missing.between(label.item(), label.item())
            opens, closes = int(session.opens[0]), int(session.closes[0])
            prints = await vendor.minutes(opens, closes)
            wanted = [one for one in instruments if since[one.id] < closes]
            fetched += [_written(history, one, session, prints) for one in wanted]
    return fetched


def _last_end(history: History, instrument: Instrument, now: datetime) -> int:
    """The end (ns) up to which every interval is there; no further back than `REACH`."""
    stored = [history.find(instrument.id, interval) for interval in KEPT]
    earliest = to_ns(now - REACH)
    if any(one is None for one in stored):
        return earliest
    return max(earliest, min(to_ns(one.last) for one in stored if one is not None))


def _ended(calendar: str, since: int, now: datetime) -> Sessions:
    """Sessions that close after `since` and have closed `SETTLED` before now."""
    sessions = trading_sessions(calendar, (now - REACH).date(), now.date())
    row = int(sessions.closes.searchsorted(since, side="right"))
    end = int(sessions.closes.searchsorted(to_ns(now - SETTLED), side="right"))
    if row >= end:
        return sessions.slice(0, 0)
    return sessions.between(sessions.labels[row].item(), sessions.labels[end - 1].item())


def _written(
    history: History, instrument: Instrument, session: Sessions, prints: Sequence[Print]
) -> Fetched:
    told = _as_bars([one for one in prints if one.instrument == instrument.id])
    counts = {}
    for interval in KEPT if len(told) else ():
        bars = aggregate(told, interval, session)
        if len(bars):
            history.write(instrument, interval, bars)
            counts[str(interval)] = len(bars)
    return Fetched(instrument.id, str(session.labels[0]), counts)


def _as_bars(prints: list[Print]) -> Bars:
    """Each print a bar of its own, ascending; the grid joins them."""
    prints = sorted(prints, key=lambda one: one.at)
    price = np.array([one.price for one in prints], dtype=np.float64)
    end = np.array([one.at + 1 for one in prints], dtype=np.int64)
    size = np.array([one.size for one in prints], dtype=np.float64)
    return Bars(end=end, open=price, high=price, low=price, close=price, volume=size)
