"""What an order says besides instrument, side and quantity, and until when it stands."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from backend.errors import Invalid
from backend.trading.words import OrderType, TimeInForce
from market.calendars import from_ns, to_ns, trading_sessions
from market.errors import CalendarError
from market.simulator.resting import NEVER
from market.simulator.timing import timing
from market.words import Instrument

_AHEAD = timedelta(days=14)
"""No market is closed for longer."""

RESTING = frozenset(
    {OrderType.LIMIT, OrderType.STOP, OrderType.STOP_LIMIT, OrderType.TRAILING_STOP}
)
"""Types that wait for a price and may never fill."""


@dataclass(frozen=True)
class Terms:
    """A plain market order by default; prices are the instrument's. Orders of one `oco_group`
    exclude each other.
    """

    kind: OrderType = OrderType.MARKET
    limit_price: Decimal | None = None
    stop_price: Decimal | None = None
    trail_amount: Decimal | None = None
    time_in_force: TimeInForce = TimeInForce.GTC
    reduce_only: bool = False
    oco_group: str | None = None


@dataclass(frozen=True)
class Standing:
    """An order takes bars from `active_from` on, and ends at `expires_at`, if ever."""

    active_from: datetime
    expires_at: datetime | None = None


async def standing(
    terms: Terms, instrument: str, served: Mapping[str, Instrument], now: datetime
) -> Standing:
    """By the calendar of the instrument's venue, which is read beside the loop: it is slow at
    first. Raises Invalid where the terms and the calendar do not go together.
    """
    if terms.time_in_force is not TimeInForce.DAY or instrument not in served:
        return Standing(now)
    return await asyncio.to_thread(_day, terms, served[instrument].calendar, now)


def _day(terms: Terms, calendar: str, now: datetime) -> Standing:
    try:
        first = now.date() - timedelta(days=1)
        sessions = trading_sessions(calendar, first, now.date() + _AHEAD)
        since, expires, _ = timing(terms.kind, terms.time_in_force, to_ns(now), sessions)
    except (CalendarError, ValueError) as error:
        raise Invalid(str(error), code="no_market_session") from error
    return Standing(from_ns(since), None if expires == NEVER else from_ns(expires))
