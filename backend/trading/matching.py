"""The paper venue: a desk's open orders of one instrument meet one-minute bars by the simulator's
own matching. Pure; in whatever order bars and orders arrive, the fills are the same.
"""

from bisect import bisect_left, insort
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import numpy as np

from backend.models import Order
from backend.trading.words import OrderType, Side, TimeInForce
from market.calendars import to_ns
from market.simulator.costs import CostModel
from market.simulator.fills import Liquidity
from market.simulator.matching import Fills, Prices, Rules
from market.simulator.matching import match as match_bar
from market.simulator.money import Floats, quantise_fee, quantise_price, quantise_quantity, to_float
from market.simulator.resting import NEVER, Orders, Status, Ticket, orders_of
from market.simulator.stretch import after_quiet, bar_of, later
from market.words import Bar, Instrument

COSTS = CostModel()
ZERO = Decimal(0)

NOTE_AFTER_BARS = 500
"""A trailing stop's best price is noted at least so often, well within the window of bars."""


@dataclass(frozen=True)
class Outcome:
    """What one bar did to one order: `quantity` (0 for none) filled at `price` for `fee`; then it
    is of `status`, and the paper broker's notes are these.
    """

    order: str
    bar: Bar
    quantity: Decimal
    price: Decimal
    fee: Decimal
    status: Status
    triggered: bool
    extreme: Decimal | None
    reason: str = ""


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


def awaits(order: Order, bars: Sequence[Bar]) -> bool:
    """Whether these bars, of which there is one at least, change nothing of the order."""
    passed, _ = after_quiet(_rows([order]), _prices(bars))
    if passed < len(bars):
        return False
    return OrderType(order.type) is not OrderType.TRAILING_STOP or len(bars) < NOTE_AFTER_BARS


def time_is_up(order: Order, bar_end: datetime | None) -> bool:
    """Whether the order has ended once the market has told of all bars until `bar_end`."""
    return bar_end is not None and order.expires_at is not None and order.expires_at <= bar_end


def play(
    orders: Sequence[Order],
    held: Decimal,
    bars: Sequence[Bar],
    instrument: Instrument,
    costs: CostModel = COSTS,
) -> list[Outcome]:
    """What the bars (ascending) do to a desk's orders of one instrument of which it holds `held`,
    bar by bar; orders of a bar in the order of their ids. Nothing for bars that change nothing.
    """
    rules = Rules(costs.to_the_cent(instrument.price_decimals), 10.0**-instrument.quantity_decimals)
    rows, positions, prices = _rows(orders), np.array([to_float(held)]), _prices(bars)
    done: list[Outcome] = []
    first = 0
    while first < len(bars) and rows.working.any():
        passed, rows = after_quiet(rows, later(prices, first))
        first += passed
        if first == len(bars):
            break
        before, bar = rows, bars[first]
        rows, positions, fills = match_bar(rows, positions, bar_of(prices, first), rules)
        done += _outcomes(orders, before, rows, fills, bar, instrument)
        first += 1
    return done + _notes(orders, rows, bars)


def _notes(orders: Sequence[Order], rows: Orders, bars: Sequence[Bar]) -> list[Outcome]:
    """The best prices that trailing stops have seen once all bars are over."""
    if len(bars) < NOTE_AFTER_BARS:
        return []
    return [
        Outcome(order.id, bars[-1], ZERO, ZERO, ZERO, Status.WORKING, False, _extreme(rows, i))
        for i, order in enumerate(orders)
        if OrderType(order.type) is OrderType.TRAILING_STOP
        and rows.working[i]
        and not rows.triggered[i]
    ]


def _outcomes(
    orders: Sequence[Order],
    before: Orders,
    rows: Orders,
    fills: Fills,
    bar: Bar,
    instrument: Instrument,
) -> Iterator[Outcome]:
    filled = {o.oco_group for o, q in zip(orders, fills.quantities, strict=True) if q}
    looked = (before.since <= to_ns(bar.start)) | (rows.status != before.status)
    for i in np.flatnonzero(before.working & looked).tolist():
        yield Outcome(
            order=orders[i].id,
            bar=bar,
            quantity=quantise_quantity(abs(fills.quantities[i]), instrument.quantity_decimals),
            price=quantise_price(float(fills.prices[i]), instrument.price_decimals),
            fee=quantise_fee(float(fills.fees[i])),
            status=Status(int(rows.status[i])),
            triggered=bool(rows.triggered[i]),
            extreme=_extreme(rows, i),
            reason=_reason(orders[i], filled),
        )


def _reason(order: Order, filled_groups: set[str | None]) -> str:
    """Why it would end without being filled."""
    if order.oco_group is not None and order.oco_group in filled_groups:
        return "other_filled"
    if OrderType(order.type) is OrderType.MARKET_ON_OPEN:
        return "auction_over"
    if TimeInForce(order.time_in_force) is TimeInForce.IOC:
        return "not_at_once"
    return "nothing_to_reduce"


def _extreme(rows: Orders, i: int) -> Decimal | None:
    best = float(rows.extreme[i])
    return None if np.isnan(best) else quantise_price(best, 6)


def _rows(orders: Sequence[Order]) -> Orders:
    groups = {name: n for n, name in enumerate(sorted({o.oco_group or "" for o in orders}))}
    rows = orders_of([_ticket(order, groups) for order in orders])
    return rows._replace(
        filled=np.array([to_float(order.filled) for order in orders]),
        value=np.array([to_float(order.traded_value) for order in orders]),
        fees=np.array([to_float(order.fees) for order in orders]),
        triggered=np.array([order.triggered for order in orders], dtype=np.bool_),
        extreme=np.array([_float(order.extreme) for order in orders]),
    )


def _ticket(order: Order, groups: dict[str, int]) -> Ticket:
    kind = OrderType(order.type)
    expires = NEVER if order.expires_at is None else to_ns(order.expires_at)
    return Ticket(
        instrument=0,
        quantity=to_float(order.quantity) * Side(order.side).sign,
        kind=kind,
        limit=_float(order.limit_price),
        stop=_float(order.stop_price),
        trail=_float(order.trail_amount),
        ioc=TimeInForce(order.time_in_force) is TimeInForce.IOC or kind is OrderType.MARKET_ON_OPEN,
        reduce_only=order.reduce_only,
        group=groups[order.oco_group] + 1 if order.oco_group else 0,
        since=min(to_ns(looked_at(order)), expires - 1),
        expires=expires,
    )


def looked_at(order: Order) -> datetime:
    """Bars that start before have been looked at, or are none of the order's."""
    return max(order.active_from, order.matched_until or order.active_from)


def _float(price: Decimal | None) -> float:
    return np.nan if price is None else to_float(price)


def _prices(bars: Sequence[Bar]) -> Prices:
    def column(name: str) -> Floats:
        return np.array([getattr(bar, name) for bar in bars], dtype=np.float64)

    return Prices(
        start=np.array([to_ns(bar.start) for bar in bars], dtype=np.int64),
        end=np.array([to_ns(bar.end) for bar in bars], dtype=np.int64),
        open=column("open"),
        high=column("high"),
        low=column("low"),
        close=column("close"),
        liquidity=Liquidity(column("volume")),
    )
