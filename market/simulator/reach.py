"""Which orders a bar reaches, and at what price. Elementwise over any shape, so that one order may
be laid over many bars as well as many orders over one.

A bar does not tell the order of its prices; what is assumed does not flatter:

* A stop triggers when the bar trades at or beyond it (FINRA Rule 5350(a)) and fills at the stop, or
  at the open where that has passed it already (a gap); costs come on top.
* A limit fills where the bar touches it, at the limit, or at the open where that is better. Costs
  never push the price beyond the limit.
* A stop-limit whose stop is reached within the bar fills in that bar only where its limit allows
  the stop's own price; else it is a limit order from the next bar on.
* A trailing stop keeps its distance from the best price of the bars before; this bar's own extreme
  counts from the next bar on.
* Of two orders that exclude each other, one that the open fills comes first, then a stop (the
  loss), then a limit (the profit), then the close. Why a bar cannot tell them apart is discussed
  in kernc/backtesting.py, issue 119.
"""

from typing import NamedTuple

import numpy as np

from market.simulator.money import Floats
from market.simulator.resting import Flags, Ints, Orders
from market.simulator.words import OrderType

AT_OPEN, BY_STOP, BY_LIMIT, AT_CLOSE, UNREACHED = range(5)
"""Ranks: what of one bar is filled before what."""


class Seen(NamedTuple):
    """The bar as each order sees it; all arrays spread over the orders' shape, times are ns.

    `open` is NaN where the order's instrument has no bar.
    """

    start: Ints
    end: Ints
    open: Floats
    high: Floats
    low: Floats
    close: Floats


class Reach(NamedTuple):
    """`live` orders look at the bar. Those of a `rank` below UNREACHED fill, at `price` before
    costs and never beyond `bound` (infinite without a limit). `triggered` have passed their stop.
    """

    live: Flags
    rank: Ints
    price: Floats
    bound: Floats
    triggered: Flags


def reach(orders: Orders, seen: Seen) -> Reach:
    """What the bar does for each order, room for its quantity aside."""
    side, stop_limit = orders.side, orders.of_kind(OrderType.STOP_LIMIT)
    stops = orders.of_kind(OrderType.STOP, OrderType.TRAILING_STOP, OrderType.STOP_LIMIT)
    on_close = orders.of_kind(OrderType.MARKET_ON_CLOSE)
    live = _live(orders, seen)
    level = stop_level(orders, seen.open)
    opened = stops & (orders.triggered | (side * seen.open >= side * level))
    hit = opened | (stops & (side * np.where(side > 0, seen.high, seen.low) >= side * level))
    within = hit & ~opened
    limited = orders.of_kind(OrderType.LIMIT) | (stop_limit & opened)
    marketable = ~(limited | stop_limit) | (side * seen.open <= side * orders.limit)
    best = np.where(side > 0, seen.low, seen.high)
    rank = np.select(
        [
            ~live | (stops & ~hit) | (on_close & (orders.expires != seen.end)),
            on_close,
            within & (~stop_limit | (side * level <= side * orders.limit)),
            within,
            marketable,
            side * best <= side * orders.limit,
        ],
        [UNREACHED, AT_CLOSE, BY_STOP, UNREACHED, AT_OPEN, BY_LIMIT],
        UNREACHED,
    )
    price = np.where(within, level, np.where(on_close, seen.close, seen.open))
    bound = np.where(limited | stop_limit, orders.limit, side * np.inf)
    return Reach(live, rank, price, bound, live & hit)


def stop_level(orders: Orders, opens: Floats) -> Floats:
    """Where each stop is: its own, or a trailing one's distance from the best price so far, at
    first the open.
    """
    best = np.where(np.isnan(orders.extreme), opens, orders.extreme)
    trailing = orders.of_kind(OrderType.TRAILING_STOP)
    level: Floats = np.where(trailing, best + orders.side * orders.trail, orders.stop)
    return level


def trailed(orders: Orders, seen: Seen, found: Reach) -> Floats:
    """The best price (`extreme`) that trailing stops have seen once the bar is over."""
    best = np.where(np.isnan(orders.extreme), seen.open, orders.extreme)
    further = np.where(orders.side < 0, np.fmax(best, seen.high), np.fmin(best, seen.low))
    moves = orders.of_kind(OrderType.TRAILING_STOP) & found.live & ~found.triggered
    return np.where(moves, further, orders.extreme)


def _live(orders: Orders, seen: Seen) -> Flags:
    in_time = (orders.since <= seen.start) & (seen.start < orders.expires)
    flags: Flags = orders.working & in_time & (seen.open > 0)
    return flags
