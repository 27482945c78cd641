"""The paper venue's rule: an order fills against the first bar that starts at or after it, by the
simulator's own price and fee. Pure; in whatever order bars and orders arrive, the fill is the same.
"""

from bisect import bisect_left, insort
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import numpy as np

from backend.models import Order
from backend.trading.words import OrderType, Side
from market.simulator.costs import CostModel
from market.simulator.fills import commissions, fill_prices
from market.simulator.money import quantise_fee, quantise_price
from market.words import Bar

COSTS = CostModel()


@dataclass(frozen=True)
class Match:
    """An order meets a bar: the price and fee it fills at."""

    bar: Bar
    price: Decimal
    fee: Decimal


class BarWindow:
    """Recent one-minute bars by instrument, ascending, whatever the order they came in."""

    def __init__(self, most: int = 4_000) -> None:
        self._starts: dict[str, list[datetime]] = defaultdict(list)
        self._bars: dict[tuple[str, datetime], Bar] = {}
        self._counts: Counter[str] = Counter()
        self._most = most

    def count(self, instrument: str) -> int:
        """How many bars of the instrument have ever come: another number, another window."""
        return self._counts[instrument]

    def add(self, bars: Iterable[Bar]) -> None:
        """A bar that is there already stays as it is."""
        for bar in bars:
            key = bar.instrument, bar.start
            if key in self._bars:
                continue
            self._bars[key] = bar
            self._counts[bar.instrument] += 1
            starts = self._starts[bar.instrument]
            insort(starts, bar.start)
            if len(starts) > self._most:
                del self._bars[bar.instrument, starts.pop(0)]

    def starting_from(self, instrument: str, at: datetime) -> Iterator[Bar]:
        """Bars that start at or after `at`, ascending."""
        starts = self._starts.get(instrument, [])
        for start in starts[bisect_left(starts, at) :]:
            yield self._bars[instrument, start]


def match(order: Order, window: BarWindow, price_decimals: int) -> Match | None:
    """The bar that fills the order, with price and fee; None when it is not there yet.

    A market order takes the first bar. A limit order takes the first whose low (to buy) or high
    (to sell) reaches the limit, at the limit or at the open where that is better.
    """
    for bar in window.starting_from(order.instrument, order.active_from):
        price = _price(order, bar, price_decimals)
        if price is not None:
            fee = _fee(order.quantity - order.filled, price)
            return Match(bar, price, fee)
    return None


def _price(order: Order, bar: Bar, price_decimals: int) -> Decimal | None:
    side = Side(order.side)
    if OrderType(order.type) is OrderType.MARKET or order.limit_price is None:
        return _at_open(side, bar, price_decimals)
    limit = order.limit_price
    if side is Side.BUY:
        reached = Decimal(str(bar.low)) <= limit
        return min(_at_open(side, bar, price_decimals), limit) if reached else None
    reached = Decimal(str(bar.high)) >= limit
    return max(_at_open(side, bar, price_decimals), limit) if reached else None


def _at_open(side: Side, bar: Bar, price_decimals: int) -> Decimal:
    open_, high, low = (np.array([value]) for value in (bar.open, bar.high, bar.low))
    costs = COSTS.to_the_cent(price_decimals)
    price = fill_prices(np.array([float(side.sign)]), open_, high, low, costs)
    return quantise_price(float(price[0]), price_decimals)


def _fee(quantity: Decimal, price: Decimal) -> Decimal:
    costs = COSTS.to_the_cent()
    fees = commissions(np.array([float(quantity)]), np.array([float(price)]), costs)
    return quantise_fee(float(fees[0]))
