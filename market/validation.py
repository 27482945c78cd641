"""What price data must be before it is believed: the first bad row is named, and why."""

import numpy as np
import numpy.typing as npt

from market.calendars import trading_sessions
from market.errors import BadData
from market.series import PRICES, VALUES, Bars, Ticks

Flags = npt.NDArray[np.bool_]
Check = tuple[Flags, str]


def check_bars(bars: Bars) -> None:
    """Raise BadData for the first row (1-based) that no market can have produced."""
    checks: list[Check] = [
        *((~np.isfinite(getattr(bars, name)), f"{name} is no number") for name in VALUES),
        *((getattr(bars, name) <= 0, f"{name} is not positive") for name in PRICES),
        (bars.volume < 0, "volume is negative"),
        (bars.high < bars.low, "high is below low"),
        (_outside(bars.open, bars), "open is outside [low, high]"),
        (_outside(bars.close, bars), "close is outside [low, high]"),
        *_order(bars.end),
    ]
    refuse_first(checks)


def check_ticks(ticks: Ticks) -> None:
    """Raise BadData for the first bad trade."""
    refuse_first(
        [
            (~np.isfinite(ticks.price), "price is no number"),
            (ticks.price <= 0, "price is not positive"),
            (~np.isfinite(ticks.size) | (ticks.size < 0), "volume is negative or no number"),
            _order(ticks.at)[0],
        ]
    )


def session_closes(days: npt.NDArray[np.datetime64], calendar: str) -> npt.NDArray[np.int64]:
    """The closes (ns UTC) of the sessions of those days, ascending; without a calendar, midnight
    UTC after each day. Raises BadData for a day that is no session.
    """
    check_order(days.astype("datetime64[D]").astype(np.int64))
    if not calendar:
        return (days + 1).astype("datetime64[ns]").astype(np.int64)
    sessions = trading_sessions(calendar, days[0].item(), days[-1].item())
    known = np.isin(days, sessions.labels)
    if not known.all():
        row = int(np.argmin(known))
        raise BadData(f"{days[row]} is no session of the calendar {calendar}", row + 1)
    return sessions.closes[sessions.labels.searchsorted(days)]


def check_order(at: npt.NDArray[np.int64]) -> None:
    """Raise BadData for the first timestamp that does not follow the one before."""
    refuse_first(list(_order(at)))


def refuse_first(checks: list[Check]) -> None:
    """Raise BadData for the first flagged row; the earlier check speaks when a row fails two."""
    rows = [(int(flags.argmax()), reason) for flags, reason in checks if flags.any()]
    if rows:
        row, reason = min(rows, key=lambda found: found[0])
        raise BadData(reason, row + 1)


def _outside(values: npt.NDArray[np.float64], bars: Bars) -> Flags:
    return (values < bars.low) | (values > bars.high)


def _order(at: npt.NDArray[np.int64]) -> tuple[Check, Check]:
    step = np.diff(at, prepend=at[:1] - 1)
    shuffled: Check = (step < 0, "the timestamp is earlier than the row before")
    twice: Check = (step == 0, "the timestamp is there twice")
    return shuffled, twice
