"""Orders that rest over a stretch of bars: the quiet bars are passed over in one go.

`after_quiet` and then `match` give what `match` bar by bar gives; who keeps orders for days needs
not look at every bar with every order.
"""

import numpy as np

from market.simulator.matching import Prices
from market.simulator.money import Floats
from market.simulator.reach import UNREACHED, Seen, reach
from market.simulator.resting import Orders
from market.simulator.words import OrderType


def after_quiet(orders: Orders, bars: Prices) -> tuple[int, Orders]:
    """(how many bars pass, the orders (m,) then), until one bar fills, triggers or ends an order.

    The bars' fields are (B,), ascending, of the orders' one instrument; B where nothing happens.
    """
    rows = Orders._make(one[:, np.newaxis] for one in orders)
    seen = Seen(bars.start, bars.end, bars.open, bars.high, bars.low, bars.close)
    bests = _bests(rows, seen)
    found = reach(rows._replace(extreme=bests[:, :-1]), seen)
    ends = rows.working & (rows.expires <= seen.end)
    fresh = found.triggered & ~rows.triggered
    events = ((found.rank < UNREACHED) | fresh | ends | (found.live & rows.ioc)).any(axis=0)
    passed = int(events.argmax()) if events.any() else len(seen.open)
    return passed, orders._replace(extreme=bests[:, passed])


def later(bars: Prices, first: int) -> Prices:
    """The stretch from bar `first` on."""
    return _rows(bars, slice(first, None), slice(first, None))


def bar_of(bars: Prices, index: int) -> Prices:
    """One bar of a stretch, as `match` takes it: prices (1,), its times mere numbers."""
    return _rows(bars, index, [index])


def _rows(bars: Prices, times: int | slice, rows: list[int] | slice) -> Prices:
    volume = bars.liquidity.volume
    return Prices(
        start=bars.start[times],
        end=bars.end[times],
        open=bars.open[rows],
        high=bars.high[rows],
        low=bars.low[rows],
        close=bars.close[rows],
        liquidity=bars.liquidity._replace(volume=None if volume is None else volume[rows]),
    )


def _bests(rows: Orders, seen: Seen) -> Floats:
    """The best prices (m, B + 1) that trailing stops have seen before each bar and after all."""
    live = rows.working & (rows.since <= seen.start) & (seen.open > 0) & ~rows.triggered
    live &= rows.of_kind(OrderType.TRAILING_STOP) & (seen.start < rows.expires)
    sale = rows.side < 0
    further = np.where(live, np.where(sale, seen.high, seen.low), np.nan)
    whole = np.concatenate([rows.extreme, further], axis=1)
    return np.where(sale, np.fmax.accumulate(whole, axis=1), np.fmin.accumulate(whole, axis=1))
