"""When an exchange trades, by its calendar."""

import asyncio
from datetime import date, timedelta

from backend.errors import Invalid, NotFound
from backend.market.schemas import MarketSessionView, SessionsView
from market.calendars import calendar_over, from_ns
from market.errors import CalendarError

MOST_DAYS = 800


async def sessions(calendar: str, first: date, last: date) -> SessionsView:
    """The sessions labelled `first` to `last`, both included. Raises NotFound for a calendar that
    is unknown or does not reach so far, Invalid for days the wrong way round or too many.
    """
    if last < first:
        raise Invalid("'from' is after 'to'", code="invalid_range")
    if last - first > timedelta(days=MOST_DAYS):
        said = f"ask for {MOST_DAYS} days at most; these are {(last - first).days}"
        raise Invalid(said, code="invalid_range")
    try:
        # A calendar that is not known yet takes its time to be read.
        return await asyncio.to_thread(_read, calendar, first, last)
    except CalendarError as error:
        raise NotFound(str(error), code="unknown_calendar") from error


def _read(name: str, first: date, last: date) -> SessionsView:
    known = calendar_over(name, first, last)
    its = known.sessions.between(first, last)
    rows = zip(its.opens, its.closes, its.break_starts, its.break_ends, its.labels, strict=True)
    return SessionsView(
        calendar=name,
        sessions=[
            MarketSessionView(
                day=label.item(),
                opens=from_ns(opens),
                closes=from_ns(closes),
                break_starts=from_ns(break_starts) if break_starts else None,
                break_ends=from_ns(break_ends) if break_ends else None,
                shortened=label.item() in known.shortened,
            )
            for opens, closes, break_starts, break_ends, label in rows
        ],
    )
