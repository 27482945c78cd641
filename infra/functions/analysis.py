"""A report on each session: is price history whole, and what in it a person should look at.

A report is written again while it names something missing, so late data mends it; a report without
problems is final.
"""

import math
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import msgspec
import numpy as np
import numpy.typing as npt

from market.calendars import from_ns, to_ns, trading_sessions
from market.files import Files
from market.history import History, Stored
from market.series import Bars
from market.words import Interval, Word

Floats = npt.NDArray[np.float64]

SETTLED = timedelta(hours=2)
"""How long after a close the preparation may still be fetching."""
LOOKED_BACK = 5
"""So many sessions of each calendar have a report."""
WINDOW = 250
"""Sessions over which gaps are looked for, and moves are compared."""
RECENT = 20
"""Sessions of the volatility."""
STRANGE = 12.0
"""A return so many robust standard deviations from the median is looked at: a split that was not
adjusted, a bad print, or news."""
_MAD_TO_SIGMA = 1.4826
"""Of a normal distribution (Rousseeuw, Croux 1993)."""


class Findings(Word, frozen=True, kw_only=True):
    """One daily series as of a session's close. Volatility a year is of log returns, ddof 1."""

    instrument: str
    last: date | None
    missing: tuple[date, ...] = ()
    strange: tuple[date, ...] = ()
    change: float | None = None
    volatility: float | None = None
    synthetic: bool = False


class Report(Word, frozen=True, kw_only=True):
    """What is known of a calendar's series at the close of one session."""

    calendar: str
    session: date
    made: datetime
    series: tuple[Findings, ...]
    damaged: tuple[str, ...] = ()

    @property
    def problems(self) -> int:
        """How many series are incomplete or strange, and files damaged."""
        odd = sum(1 for one in self.series if one.missing or one.strange)
        return odd + len(self.damaged)


@dataclass(frozen=True)
class _Round:
    """One run: where bars are read, where reports go, what is damaged."""

    history: History
    reports: Files
    damaged: tuple[str, ...]
    now: datetime


def analyse(history: History, reports: Files, now: datetime) -> list[Report]:
    """Write the reports that are missing, or that named problems; return every calendar's newest,
    written now or before.
    """
    daily = [one for one in history.stored() if one.interval == Interval.DAY]
    its = _Round(history, reports, tuple(history.verify()) if daily else (), now)
    newest = []
    for calendar in sorted({one.instrument.calendar for one in daily}):
        ours = [one for one in daily if one.instrument.calendar == calendar]
        made = [_made(its, ours, session) for session in _ended(calendar, now)]
        if made:
            newest.append(made[-1])
            reports.replace(f"{_folder(calendar)}/latest.json", _encoded(made[-1]))
    return newest


def _ended(calendar: str, now: datetime) -> list[date]:
    """The last sessions that have ended, and whose bars have come, if they come."""
    sessions = trading_sessions(calendar, (now - timedelta(days=30)).date(), now.date())
    settled = sessions.closes <= to_ns(now - SETTLED)
    return [label.item() for label in sessions.labels[settled][-LOOKED_BACK:]]


def _made(its: _Round, daily: list[Stored], session: date) -> Report:
    """The session's report: the one that is there, if it named no problem."""
    calendar = daily[0].instrument.calendar
    data = its.reports.read_if_there(_path(calendar, session))
    kept = None if data is None else msgspec.json.decode(data, type=Report)
    if kept is not None and not kept.problems:
        return kept
    unreadable = {line.partition(":")[0] for line in its.damaged}
    whole = [one for one in daily if f"{one.interval}/{one.file}" not in unreadable]
    report = Report(
        calendar=calendar,
        session=session,
        made=its.now,
        series=tuple(_findings(its.history, one, session) for one in whole),
        damaged=its.damaged,
    )
    its.reports.replace(_path(calendar, session), _encoded(report))
    return report


def _findings(history: History, stored: Stored, session: date) -> Findings:
    name, calendar = stored.instrument.id, stored.instrument.calendar
    sessions = trading_sessions(calendar, session - timedelta(days=2 * WINDOW), session)
    close = from_ns(int(sessions.closes[-1]))
    bars = history.read(name, Interval.DAY, None, close)
    if not len(bars):
        return Findings(instrument=name, last=None, synthetic=stored.synthetic)
    begun = sessions.closes >= bars.end[0]
    expected = sessions.closes[begun][-WINDOW:]
    labels = sessions.labels[begun][-WINDOW:]
    missing = labels[~np.isin(expected, bars.end)]
    returns = _log_returns(bars)
    return Findings(
        instrument=name,
        last=from_ns(int(bars.end[-1])).date(),
        missing=tuple(label.item() for label in missing),
        strange=_strange(bars, returns),
        change=float(np.expm1(returns[-1])) if len(returns) else None,
        volatility=_volatility(returns),
        synthetic=stored.synthetic,
    )


def _log_returns(bars: Bars) -> Floats:
    """Of closes, over the last `WINDOW` bars; (n - 1,)."""
    returns: Floats = np.diff(np.log(bars.close[-WINDOW - 1 :]))
    return returns


def _strange(bars: Bars, returns: Floats) -> tuple[date, ...]:
    """Of the last `LOOKED_BACK` days, those whose return is far from the median, by the median
    absolute deviation.
    """
    if len(returns) < RECENT:
        return ()
    away = np.abs(returns - np.median(returns))
    scale = _MAD_TO_SIGMA * float(np.median(away))
    if scale == 0.0:
        return ()
    ends = bars.end[-LOOKED_BACK:]
    far = ends[away[-LOOKED_BACK:] > STRANGE * scale]
    return tuple(from_ns(int(end)).date() for end in far)


def _volatility(returns: Floats) -> float | None:
    recent = returns[-RECENT:]
    if len(recent) < RECENT:
        return None
    return float(recent.std(ddof=1)) * math.sqrt(252)


def _encoded(report: Report) -> bytes:
    return msgspec.json.format(msgspec.json.encode(report), indent=2)


def _path(calendar: str, session: date) -> str:
    return f"{_folder(calendar)}/{session}.json"


def _folder(calendar: str) -> str:
    return calendar.replace("/", "-")
