"""From time in force to instants: which bars an order may take, by the market's own sessions."""

from typing import NamedTuple

from market.calendars import Sessions
from market.simulator.resting import NEVER
from market.simulator.words import OrderType, TimeInForce

AUCTIONS = frozenset({OrderType.MARKET_ON_OPEN, OrderType.MARKET_ON_CLOSE})


class Timing(NamedTuple):
    """`since` and `expires` in ns; `ioc` orders take one bar alone."""

    since: int
    expires: int
    ioc: bool


def timing(kind: OrderType, force: TimeInForce, at: int, sessions: Sessions) -> Timing:
    """Of an order that is placed at `at` (ns).

    A day order ends at the close of the session that is on or comes next; one for the opening waits
    for the next opening and takes its first bar alone; one for the close takes the bar that ends
    with the session. Raises ValueError for an auction order that is no day order, and where the
    sessions do not reach so far.
    """
    if kind in AUCTIONS and force is not TimeInForce.DAY:
        raise ValueError(f"a {kind} order lives for one market session; give time in force day")
    if force is not TimeInForce.DAY:
        return Timing(at, NEVER, force is TimeInForce.IOC)
    opening = kind is OrderType.MARKET_ON_OPEN
    edges = sessions.opens if opening else sessions.closes
    index = int(edges.searchsorted(at, side="left" if opening else "right"))
    if index >= len(sessions):
        raise ValueError(f"the calendar knows no market session after {at} ns; extend it")
    since = int(sessions.opens[index]) if opening else at
    return Timing(since, int(sessions.closes[index]), opening)
