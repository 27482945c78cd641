"""Splits, dividends, currencies, holding, time in force by a calendar, and what is refused."""

from datetime import date

import numpy as np
import pytest

from market.calendars import ALWAYS, to_ns, trading_sessions
from market.clock import parse_instant
from market.simulator.costs import FREE, CostModel
from market.simulator.fills import Liquidity
from market.simulator.matching import Prices, Rules
from market.simulator.resting import NEVER, Status, Ticket, orders_of
from market.simulator.timing import Timing, timing
from market.simulator.venue import Events, Venue, advance, opened, place, worth
from market.simulator.words import OrderType, TimeInForce
from tests.market.simulator.tapes import CASH, DAY, bar

FLAT = (100.0, 100.0, 100.0, 100.0)
"""A bar that stands still."""


def holding(*tickets: Ticket, quantity: float = 105.0, rules: Rules | None = None) -> Venue:
    """After a day at 100 on which `quantity` was bought freely; the tickets are placed then."""
    venue = place(opened(CASH, 1), orders_of([Ticket(0, quantity)]))
    venue, _ = advance(venue, bar(0, FLAT), rules or Rules(FREE))
    return place(venue, orders_of(tickets)) if tickets else venue


def far(kind: OrderType, sign: int) -> Ticket:
    """An order a long way from the market."""
    limit = 50.0 if sign > 0 else 200.0
    price = {"limit": limit} if kind is OrderType.LIMIT else {"stop": 250.0 - limit}
    return Ticket(0, 10.0 * sign, kind, **price)


RESTING = [far(kind, sign) for kind in (OrderType.LIMIT, OrderType.STOP) for sign in (1, -1)]


def test_a_split_keeps_worth_orders_and_lots() -> None:
    venue = holding(*RESTING)
    row = (40.0, 40.0, 40.0, 40.0)
    after, _ = advance(venue, bar(1, row), Rules(FREE, 10.0), Events(splits=np.array([2.5])))
    # 262.5 units: 260 in lots of ten, the rest paid out at 100 / 2.5.
    assert after.book.positions.tolist() == [260.0]
    assert after.book.cash - venue.book.cash == pytest.approx(2.5 * 40)
    assert worth(after) == pytest.approx(float(worth(venue)))
    orders = after.orders.at(slice(1, None))  # type: ignore[arg-type]
    assert orders.quantity.tolist() == [20.0] * 4
    assert orders.limit[:2].tolist() == [20.0, 80.0]
    assert orders.stop[2:].tolist() == [80.0, 20.0]


def test_a_reverse_split_cancels_what_rests() -> None:
    row = (1_000.0, 1_000.0, 1_000.0, 1_000.0)
    after, _ = advance(holding(*RESTING), bar(1, row), Rules(FREE), Events(splits=np.array([0.1])))
    assert after.orders.status[1:].tolist() == [Status.CANCELLED] * 4
    assert after.book.positions.tolist() == [10.0]
    assert worth(after) == pytest.approx(CASH)


def test_a_dividend_is_paid_and_lowers_bids_and_sell_stops_alone() -> None:
    venue = holding(*RESTING)
    after, _ = advance(venue, bar(1, FLAT), Rules(FREE), Events(dividends=np.array([2.0])))
    assert after.book.cash - venue.book.cash == pytest.approx(210.0)
    assert after.orders.limit[1:3].tolist() == [48.0, 200.0]
    assert after.orders.stop[3:].tolist() == [200.0, 48.0]
    short, _ = advance(
        holding(quantity=-10.0), bar(1, FLAT), Rules(FREE), Events(dividends=np.array([2.0]))
    )
    assert short.book.cash == pytest.approx(CASH + 1_000 - 20)


def test_an_instrument_of_another_currency_is_paid_at_the_bars_rate() -> None:
    rules, rates = Rules(CostModel(10, 0, 0, 0)), Events(rates=np.array([1.1, 1.0]))
    venue = place(opened(CASH, 2), orders_of([Ticket(0, 10), Ticket(1, 10)]))
    venue, fills = advance(venue, bar(0, FLAT, FLAT), rules, rates)
    assert fills.fees.tolist() == [1.0, 1.0]
    assert venue.book.cash == pytest.approx(CASH - 1_001 * 1.1 - 1_001)
    venue, _ = advance(venue, bar(1, FLAT, FLAT), rules, Events(rates=np.array([1.2, 1.0])))
    assert worth(venue) == pytest.approx(CASH - 2.1 + 100)


def test_holding_is_charged_for_the_calendar_days_between() -> None:
    rules = Rules(CostModel(0, 0, 0, 0, borrow_rate=0.0365, cash_rate=0.01))
    venue = holding(quantity=-100.0, rules=rules)
    after, _ = advance(venue, bar(3, FLAT), rules)
    earned = float(venue.book.cash) * 0.01 * 3 / 365 - 10_000 * 0.0365 * 3 / 365
    assert after.book.cash - venue.book.cash == pytest.approx(earned)


def at(text: str) -> int:
    return to_ns(parse_instant(text))


NYSE = trading_sessions("XNYS", date(2012, 11, 19), date(2012, 11, 27))
"""The week of Thanksgiving: closed on the 22nd, open until 13:00 in New York on the 23rd."""

MORNING, CLOSE = at("2012-11-21T14:30Z"), at("2012-11-21T21:00Z")
FRIDAY, HALF = at("2012-11-23T14:30Z"), at("2012-11-23T18:00Z")


@pytest.mark.parametrize(
    ("kind", "force", "placed", "expected"),
    [
        (OrderType.LIMIT, TimeInForce.DAY, MORNING, Timing(MORNING, CLOSE, False)),
        (OrderType.LIMIT, TimeInForce.DAY, CLOSE, Timing(CLOSE, HALF, False)),
        (OrderType.LIMIT, TimeInForce.GTC, CLOSE, Timing(CLOSE, NEVER, False)),
        (OrderType.MARKET, TimeInForce.IOC, CLOSE, Timing(CLOSE, NEVER, True)),
        (OrderType.MARKET_ON_OPEN, TimeInForce.DAY, MORNING + 1, Timing(FRIDAY, HALF, True)),
        (OrderType.MARKET_ON_OPEN, TimeInForce.DAY, FRIDAY, Timing(FRIDAY, HALF, True)),
        (OrderType.MARKET_ON_CLOSE, TimeInForce.DAY, CLOSE, Timing(CLOSE, HALF, False)),
    ],
)
def test_time_in_force_by_the_calendar(
    kind: OrderType, force: TimeInForce, placed: int, expected: Timing
) -> None:
    assert timing(kind, force, placed, NYSE) == expected


def test_time_in_force_that_makes_no_sense_is_refused() -> None:
    with pytest.raises(ValueError, match="lives for one market session; give time in force day"):
        timing(OrderType.MARKET_ON_OPEN, TimeInForce.GTC, CLOSE, NYSE)
    always = trading_sessions(ALWAYS, date(2012, 11, 19), date(2012, 11, 20))
    with pytest.raises(ValueError, match="knows no market session after"):
        timing(OrderType.LIMIT, TimeInForce.DAY, CLOSE, always)


@pytest.mark.parametrize(
    ("ticket", "why"),
    [
        (Ticket(0, np.nan), "order 1: quantity is 0 or no number"),
        (Ticket(0, 0.0), "order 1: quantity is 0 or no number"),
        (Ticket(0, 1, OrderType.LIMIT), "order 1: limit is not a positive price"),
        (Ticket(0, 1, OrderType.STOP, stop=-5.0), "order 1: stop is not a positive price"),
        (Ticket(0, 1, limit=5.0), "order 1: limit is given, and its kind has none"),
        (Ticket(0, 1, OrderType.MARKET_ON_CLOSE), "order 1: market_on_close needs the close"),
        (Ticket(0, 1, since=DAY, expires=DAY), "order 1: expires is not after since"),
        (Ticket(2, 1), "order 1: there are 2 instruments"),
    ],
)
def test_orders_that_make_no_sense_are_named(ticket: Ticket, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        place(opened(CASH, 2), orders_of([Ticket(0, 1), ticket]))


def changed(**rows: np.ndarray) -> Prices:
    return bar(1, FLAT, FLAT)._replace(**rows)


@pytest.mark.parametrize(
    ("prices", "events", "why"),
    [
        (changed(low=np.array([100, np.nan])), Events(), "instrument 1: low is no positive"),
        (changed(open=np.array([-1.0, 100])), Events(), "instrument 0: open is no positive"),
        (changed(close=np.array([100, 101.0])), Events(), "instrument 1: close is outside"),
        (changed(open=np.full(3, 100.0)), Events(), r"open has shape \(3,\)"),
        (changed(open=np.full((4, 2), 100.0)), Events(), r"open has shape \(4, 2\)"),
        (bar(0, FLAT, FLAT), Events(), "bar 0: it starts before the last bar's end"),
        (changed(end=np.int64(DAY)), Events(), "bar 0: it ends before it starts"),
        (changed(liquidity=Liquidity(np.array([1.0, -1.0]))), Events(), "1: volume is negative"),
        (changed(), Events(rates=np.array([1.0, np.nan])), "1: rates holds no positive number"),
        (changed(), Events(splits=np.array([0.0, 1.0])), "0: splits holds no positive number"),
        (changed(), Events(dividends=np.array([0.0, -1.0])), "1: dividends holds no number of 0"),
    ],
)
def test_bars_that_no_market_has_made_are_named(prices: Prices, events: Events, why: str) -> None:
    venue, _ = advance(opened(CASH, 2), bar(0, FLAT, FLAT), Rules())
    with pytest.raises(ValueError, match=why):
        advance(venue, prices, Rules(), events)


def test_in_a_batch_the_book_is_named_too() -> None:
    prices = np.full((3, 2), 100.0)
    bad = changed(low=np.where(np.arange(6).reshape(3, 2) == 5, -1.0, prices))
    with pytest.raises(ValueError, match="book 2, instrument 1: low is no positive number"):
        advance(opened(CASH, 2, (3,)), bad, Rules())
    empty = changed(liquidity=Liquidity())
    with pytest.raises(ValueError, match="volume_share needs the bars' volume"):
        advance(opened(CASH, 2), empty, Rules(CostModel(volume_share=0.1)))
