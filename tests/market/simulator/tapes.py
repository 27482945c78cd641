"""Bars and orders of every kind for the tests of the venue: hand-made ones and any at all."""

from typing import NamedTuple

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st

from market.simulator.costs import CostModel
from market.simulator.fills import Liquidity
from market.simulator.matching import Fills, Prices, Rules
from market.simulator.resting import NEVER, Orders, Ticket, orders_of
from market.simulator.venue import Events, Venue, advance, opened, place
from market.simulator.words import OrderType

FEW = settings(deadline=None, max_examples=12)
DAY = 86_400_000_000_000
CASH = 1_000_000.0

Row = tuple[float, float, float, float]


def bar(day: int, *rows: Row, volume: float = 1e9) -> Prices:
    """The bar of a day (it starts at DAY x day), one (open, high, low, close) an instrument."""
    open_, high, low, close = np.array(rows, dtype=np.float64).T
    times = np.int64(day * DAY), np.int64((day + 1) * DAY)
    return Prices(*times, open_, high, low, close, Liquidity(np.full(len(rows), volume)))


class Tape(NamedTuple):
    """T bars with what they bring, and the orders placed before each of them."""

    bars: list[Prices]
    events: list[Events]
    orders: list[Orders | None]
    rules: Rules
    k: int

    def until(self, last: int) -> "Tape":
        return self._replace(bars=self.bars[:last])


def run(tape: Tape, batch: tuple[int, ...] = ()) -> list[tuple[Venue, Fills]]:
    """The venue after each bar."""
    venue, done = opened(CASH, tape.k, batch), []
    for bar_, events, orders in zip(tape.bars, tape.events, tape.orders, strict=False):
        if orders is not None:
            venue = place(venue, orders)
        venue, fills = advance(venue, bar_, tape.rules, events)
        done.append((venue, fills))
    return done


def some_bar(random: np.random.Generator, day: int, price: np.ndarray, wild: float) -> Prices:
    """A bar around `price` (k,), with a missing instrument now and then."""
    moves = np.exp(random.normal(0.0, wild, (4, len(price))))
    path = np.maximum(np.round(price * moves, 2), 0.01)
    open_ = np.where(random.random(len(price)) < 0.1, np.nan, path[0])
    volume = np.round(random.uniform(0, 400, len(price)))
    liquidity = Liquidity(volume, np.full(len(price), 5_000.0), np.full(len(price), wild))
    times = np.int64(day * DAY), np.int64((day + 1) * DAY)
    return Prices(*times, open_, path.max(0), path.min(0), path[1], liquidity)


def some_orders(random: np.random.Generator, day: int, price: np.ndarray) -> Orders | None:
    """Up to three orders of any kind near the price; two of them may exclude each other."""
    tickets = []
    group = int(random.integers(0, 3)) and day + 1
    for _ in range(random.integers(0, 4)):
        instrument = int(random.integers(len(price)))
        near = np.round(price[instrument] * np.exp(random.normal(0, 0.03, 3)), 2) + 0.01
        kind = list(OrderType)[random.integers(7)]
        close = kind is OrderType.MARKET_ON_CLOSE
        lives = (
            (day + int(random.integers(1, 4))) * DAY if close or random.random() < 0.5 else NEVER
        )
        limited = kind in (OrderType.LIMIT, OrderType.STOP_LIMIT)
        stopped = kind in (OrderType.STOP, OrderType.STOP_LIMIT)
        tickets.append(
            Ticket(
                instrument,
                float(random.integers(1, 30) * 10 * random.choice([-1, 1])),
                kind,
                limit=near[0] if limited else np.nan,
                stop=near[1] if stopped else np.nan,
                trail=0.05 * near[2] if kind is OrderType.TRAILING_STOP else np.nan,
                ioc=bool(random.random() < 0.2),
                reduce_only=bool(random.random() < 0.3),
                group=group,
                since=day * DAY,
                expires=lives,
            )
        )
    return orders_of(tickets) if tickets else None


COSTS = st.builds(
    CostModel,
    commission_bps=st.floats(0, 30),
    minimum_commission=st.sampled_from([0.0, 1.5]),
    half_spread_bps=st.floats(0, 20),
    slippage_bps=st.floats(0, 20),
    price_decimals=st.sampled_from([None, 2]),
    per_share=st.sampled_from([0.0, 0.005]),
    impact=st.sampled_from([0.0, 0.8]),
    volume_share=st.sampled_from([0.0, 0.3]),
    borrow_rate=st.sampled_from([0.0, 0.05]),
    cash_rate=st.sampled_from([0.0, 0.02]),
    debit_rate=st.sampled_from([0.0, 0.06]),
)


@st.composite
def tapes(draw: st.DrawFn, costs: st.SearchStrategy[CostModel] = COSTS) -> Tape:
    """Some twelve bars of one to three instruments, with splits, dividends and rates."""
    random = np.random.default_rng(draw(st.integers(0, 2**32)))
    k, count = int(random.integers(1, 4)), int(random.integers(2, 13))
    wild, price = draw(st.sampled_from([0.005, 0.03])), np.exp(random.uniform(2, 5, k))
    bars, events, orders = [], [], []
    for day in range(count):
        orders.append(some_orders(random, day, price))
        splits = np.where(random.random(k) < 0.05, random.choice([2.0, 1.5, 0.1], k), 1.0)
        price = np.maximum(price * np.exp(random.normal(0, wild, k)) / splits, 0.5)
        bars.append(some_bar(random, day, price, wild))
        dividends = np.where(random.random(k) < 0.1, np.round(price * 0.01, 2), 0.0)
        rates = np.exp(random.normal(0, 0.1, k))
        events.append(Events(rates, splits, dividends) if random.random() < 0.8 else Events(rates))
    return Tape(
        bars, events, orders, Rules(draw(costs), draw(st.sampled_from([0.0, 1.0, 10.0]))), k
    )
