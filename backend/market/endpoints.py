"""`/market`: instruments, bars, and when exchanges trade."""

from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import AwareDatetime

from backend.auth.dependencies import CurrentUser
from backend.dependencies import CurrentState
from backend.market import service
from backend.market.schemas import BarsView, InstrumentView, SessionsView
from backend.market.service import MOST_POINTS, BarsWanted
from backend.market.sessions import sessions
from market.history import History
from market.words import Interval

BEHIND = timedelta(days=30)
AHEAD = timedelta(days=14)

router = APIRouter(prefix="/market", tags=["market"])


@router.get("/instruments")
async def get_instruments(state: CurrentState, _caller: CurrentUser) -> list[InstrumentView]:
    """Everything that has a price here."""
    history = History(state.settings.history)
    known = await service.instruments(state.redis, history)
    return [
        InstrumentView(
            id=name,
            venue=one.venue,
            symbol=one.symbol,
            currency=one.currency,
            calendar=one.calendar,
            price_decimals=one.price_decimals,
            quantity_decimals=one.quantity_decimals,
            name=one.name,
            synthetic=one.synthetic,
            source=one.source,
        )
        for name, one in sorted(known.items())
    ]


@router.get("/sessions")
async def get_sessions(
    state: CurrentState,
    _caller: CurrentUser,
    calendar: Annotated[str, Query(max_length=40, examples=["XNYS"])],
    first: Annotated[date | None, Query(alias="from")] = None,
    last: Annotated[date | None, Query(alias="to")] = None,
) -> SessionsView:
    """An exchange's trading days, by default from a month before the market's now to two weeks
    after it.
    """
    today = state.clock.now().date()
    last = last or today + AHEAD
    return await sessions(calendar, first or min(today, last) - BEHIND, last)


@router.get("/bars")
async def get_bars(
    state: CurrentState,
    _caller: CurrentUser,
    instrument: Annotated[str, Query(max_length=40, examples=["XNYS:IBM"])],
    interval: Interval = Interval.QUARTER,
    start: Annotated[AwareDatetime | None, Query(alias="from")] = None,
    end: Annotated[AwareDatetime | None, Query(alias="to")] = None,
    limit: Annotated[int, Query(ge=1, le=MOST_POINTS)] = 500,
) -> BarsView:
    """Bars that end in [from, to], never later than the market's now; without `from` the last
    `limit`. Where a range holds more than `limit`, several bars become one.
    """
    now = state.clock.now()
    wanted = BarsWanted(instrument, interval, start, end or now, limit)
    return await service.bars(state.redis, History(state.settings.history), wanted, now)
