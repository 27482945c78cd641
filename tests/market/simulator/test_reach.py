"""Every order type against bars by hand: gaps, triggers, auctions, groups, time in force."""

import numpy as np
import pytest

from market.simulator.costs import FREE, CostModel
from market.simulator.matching import Rules
from market.simulator.resting import Orders, Status, Ticket, orders_of
from market.simulator.step import step
from market.simulator.venue import Venue, advance, opened, place
from market.simulator.words import OrderType
from tests.market.simulator.tapes import CASH, DAY, Row, bar

STOP, LIMIT, STOP_LIMIT = OrderType.STOP, OrderType.LIMIT, OrderType.STOP_LIMIT
TRAILING, OPENING = OrderType.TRAILING_STOP, OrderType.MARKET_ON_OPEN
CLOSING = OrderType.MARKET_ON_CLOSE
FREELY = Rules(FREE)


def played(
    tickets: list[Ticket], *rows: Row, volume: float = 1e9, rules: Rules = FREELY, held: float = 0.0
) -> list[tuple[int, float, float]]:
    """(day, signed quantity, price) of each fill of one instrument, day by day."""
    done = []
    for day, (_, quantities, prices) in enumerate(
        states(tickets, *rows, volume=volume, rules=rules, held=held)
    ):
        done += [(day, q, p) for q, p in zip(quantities, prices, strict=True) if q]
    return done


def states(
    tickets: list[Ticket], *rows: Row, volume: float = 1e9, rules: Rules = FREELY, held: float = 0.0
) -> list[tuple[Venue, list[float], list[float]]]:
    venue = opened(CASH, 1)
    venue = venue._replace(book=venue.book._replace(positions=np.array([held])))
    venue, done = place(venue, orders_of(tickets)), []
    for day, row in enumerate(rows):
        venue, fills = advance(venue, bar(day, row, volume=volume), rules)
        done.append((venue, fills.quantities.tolist(), fills.prices.tolist()))
    return done


def one(quantity: float, kind: OrderType = OrderType.MARKET, **others: object) -> Ticket:
    return Ticket(0, quantity, kind, **others)  # type: ignore[arg-type]


UP, DOWN = (100.0, 106.0, 99.0, 105.0), (100.0, 101.0, 94.0, 95.0)
HIGHER, LOWER = (108.0, 109.0, 107.0, 108.5), (92.0, 93.0, 91.0, 92.5)


@pytest.mark.parametrize(
    ("ticket", "rows", "fills"),
    [
        (one(10), [UP], [(0, 10, 100)]),
        (one(10, LIMIT, limit=99.5), [UP], [(0, 10, 99.5)]),
        (one(10, LIMIT, limit=120), [UP], [(0, 10, 100)]),
        (one(10, LIMIT, limit=98), [UP, DOWN], [(1, 10, 98)]),
        (one(-10, LIMIT, limit=104), [UP], [(0, -10, 104)]),
        (one(-10, LIMIT, limit=104), [HIGHER], [(0, -10, 108)]),
        # A stop fills at itself, or at the open that has passed it.
        (one(10, STOP, stop=103), [UP], [(0, 10, 103)]),
        (one(10, STOP, stop=107), [UP, HIGHER], [(1, 10, 108)]),
        (one(-10, STOP, stop=96), [UP, DOWN], [(1, -10, 96)]),
        (one(-10, STOP, stop=93.5), [DOWN, LOWER], [(1, -10, 92)]),
        # A stop-limit: at once where the limit allows the stop's price, else from the next bar on.
        (one(10, STOP_LIMIT, stop=103, limit=104), [UP], [(0, 10, 103)]),
        (one(10, STOP_LIMIT, stop=103, limit=102), [UP, DOWN], [(1, 10, 100)]),
        (one(10, STOP_LIMIT, stop=103, limit=98), [UP, DOWN], [(1, 10, 98)]),
        (one(10, STOP_LIMIT, stop=107, limit=107.5), [UP, HIGHER], [(1, 10, 107.5)]),
        (one(10, STOP_LIMIT, stop=107, limit=106), [HIGHER, LOWER], [(1, 10, 92)]),
        (one(10, STOP_LIMIT, stop=107, limit=98), [DOWN], []),
        # A trailing stop: 5 below the best of the bars before (100 at first, then 106).
        (one(-10, TRAILING, trail=5), [UP, DOWN], [(1, -10, 100)]),
        (one(-10, TRAILING, trail=5), [(100, 106, 98, 99), DOWN], [(1, -10, 100)]),
        (one(-10, TRAILING, trail=9), [UP, (104, 105, 96, 97)], [(1, -10, 97)]),
        (one(-10, TRAILING, trail=5), [DOWN], [(0, -10, 95)]),
        (one(10, TRAILING, trail=5), [DOWN, UP], [(1, 10, 100)]),
        (one(10, TRAILING, trail=9), [DOWN, UP], [(1, 10, 103)]),
        # Auctions: the opening of the session that comes, and the close that ends with it.
        (one(10, OPENING, since=DAY, expires=2 * DAY, ioc=True), [UP, HIGHER], [(1, 10, 108)]),
        (one(10, CLOSING, expires=2 * DAY), [UP, HIGHER], [(1, 10, 108.5)]),
        # Time in force.
        (one(10, LIMIT, limit=98, expires=DAY), [UP, DOWN], []),
        (one(10, LIMIT, limit=98, ioc=True), [UP, DOWN], []),
        (one(10, since=DAY), [UP, HIGHER], [(1, 10, 108)]),
    ],
)  # fmt: skip
def test_what_a_bar_fills(
    ticket: Ticket, rows: list[Row], fills: list[tuple[int, float, float]]
) -> None:
    assert played([ticket], *rows) == fills


def test_costs_worsen_a_price_but_never_beyond_limit_and_bar() -> None:
    rules = Rules(CostModel(0, 0, 0, 100))
    assert played([one(10, STOP, stop=103)], UP, rules=rules) == [(0, 10, 104.03)]
    assert played([one(10, STOP, stop=105.5)], UP, rules=rules) == [(0, 10, 106)]
    stop_limit = one(10, STOP_LIMIT, stop=103, limit=103.5)
    assert played([stop_limit], UP, rules=rules) == [(0, 10, 103.5)]
    assert played([one(-10, CLOSING, expires=DAY)], UP, rules=rules) == [(0, -10, 103.95)]


PAIR = [one(-10, LIMIT, limit=105, group=1), one(-10, STOP, stop=96, group=1)]


@pytest.mark.parametrize(
    ("row", "fill"),
    [
        (UP, (0, -10, 105)),
        (DOWN, (0, -10, 96)),
        # Both within reach: the stop. The open beyond the limit: certainly the limit.
        ((100.0, 106.0, 95.0, 100.0), (0, -10, 96)),
        ((107.0, 108.0, 95.0, 100.0), (0, -10, 107)),
    ],
)
def test_one_cancels_the_other(row: Row, fill: tuple[int, float, float]) -> None:
    for pair in (PAIR, PAIR[::-1]):
        assert played(pair, row, UP, DOWN) == [fill]
    (venue, _, _), *_ = states(PAIR, row)
    assert sorted(venue.orders.status.tolist()) == [Status.FILLED, Status.CANCELLED]


def test_volume_fills_an_order_in_parts_one_a_bar_the_older_first() -> None:
    rules = Rules(CostModel(1, 2, 0, 0, volume_share=0.1), lots=10)
    tickets = [one(100), one(50)]
    done = states(tickets, *[UP] * 4, volume=470, rules=rules)
    assert [quantities for _, quantities, _ in done] == [[40, 0], [40, 0], [20, 20], [0, 30]]
    # 1 bp of 15,000 is less than the minimum of two orders, which each pays once.
    assert done[-1][0].book.cash == pytest.approx(CASH - 150 * 100 - 2 * 2.0)
    immediate = states([one(100, ioc=True)], *[UP] * 2, volume=470, rules=rules)
    assert immediate[-1][0].orders.status.tolist() == [Status.CANCELLED]
    assert immediate[-1][0].orders.filled.tolist() == [40]


def test_reduce_only_takes_what_is_there_and_ends() -> None:
    sale = one(-10, reduce_only=True)
    assert played([sale], UP, held=4.0) == [(0, -4, 100)]
    assert played([sale], UP, held=-4.0) == []
    assert states([sale], UP)[0][0].orders.status.tolist() == [Status.CANCELLED]
    assert played([one(8), one(-10, reduce_only=True)], UP) == [(0, 8, 100), (0, -8, 100)]


def test_an_expired_order_ends_also_where_its_instrument_has_no_bar() -> None:
    none = (np.nan, np.nan, np.nan, np.nan)
    done = states([one(10, expires=DAY), one(5)], none, UP)
    assert done[0][0].orders.status.tolist() == [Status.EXPIRED, Status.WORKING]
    assert done[1][1] == [0, 5]


def test_books_of_a_batch_have_orders_of_their_own() -> None:
    """An empty place in one book, another order in the other."""
    first, second = orders_of([one(10)]), orders_of([one(-5, LIMIT, limit=104)])
    both = Orders._make(np.stack(pair) for pair in zip(first, second, strict=True))
    empty = both._replace(status=np.array([[Status.EMPTY], [Status.WORKING]]))
    for orders, filled in ((both, [[10], [-5]]), (empty, [[0], [-5]])):
        _, fills = advance(place(opened(CASH, 1, (2,)), orders), bar(0, UP), FREELY)
        assert fills.quantities.tolist() == filled


def test_market_orders_of_the_venue_are_the_steps() -> None:
    """The same quantities, prices and fees as by target weights."""
    costs = CostModel(minimum_commission=1.0).to_the_cent()
    rows, price = ((100.0, 106.0, 99.0, 105.0), (51.0, 52.0, 49.0, 50.0)), np.array([101.0, 50.0])
    venue = opened(CASH, 2)
    bar_ = bar(0, *rows)
    book, out = step(venue.book, np.array([0.3, 0.4]), price, *bar_[2:6], costs)
    tickets = [Ticket(i, quantity) for i, quantity in enumerate(out.quantities)]
    after, fills = advance(place(venue, orders_of(tickets)), bar_, Rules(costs))
    assert fills.quantities.tolist() == out.quantities.tolist()
    assert fills.prices.tolist() == out.prices.tolist()
    assert fills.fees.tolist() == out.commissions.tolist()
    assert after.book.cash == pytest.approx(float(book.cash), abs=1e-9)
