"""Fills the history store with the demo: recorded days, and the synthetic bars within them."""

from datetime import date

from market.calendars import to_ns, trading_sessions
from market.feed.grid import aggregate
from market.feed.synthetic import history_minutes
from market.history import History
from market.series import Bars
from market.shipped import DEMO_INSTRUMENTS, daily_stock
from market.words import Instrument, Interval

INTERVALS = (Interval.FIVE_MINUTES, Interval.QUARTER, Interval.HOUR)
"""Synthetic intervals that are kept; minutes are threaded when they are asked for."""


def prepare_demo(root: str, first: date, last: date) -> None:
    """Write the demo instruments' bars of the sessions `first` to `last` into the store at `root`.

    Daily bars reach back to the recording's beginning. What is there already is left alone.
    """
    history = History(root)
    for instrument in DEMO_INSTRUMENTS:
        daily = daily_stock(instrument.symbol)
        if not _covered(history, instrument, daily, (first, last)):
            minutes = history_minutes(instrument, daily, first, last)
            sessions = trading_sessions(instrument.calendar, first, last)
            for interval in INTERVALS:
                history.write(instrument, interval, aggregate(minutes, interval, sessions))
            history.write(instrument, Interval.DAY, daily)


def _covered(
    history: History, instrument: Instrument, daily: Bars, days: tuple[date, date]
) -> bool:
    """Whether every interval reaches over all the days that can be had."""
    sessions = trading_sessions(instrument.calendar, *days)
    wanted = daily.end[(daily.end >= sessions.closes[0]) & (daily.end <= sessions.closes[-1])]
    for interval in (*INTERVALS, Interval.DAY):
        stored = history.find(instrument.id, interval)
        if stored is None or stored.instrument != instrument:
            return False
        first_ends = to_ns(stored.first) - interval.seconds * 10**9
        if first_ends > wanted[0] or to_ns(stored.last) < wanted[-1]:
            return False
    return True
