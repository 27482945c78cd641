"""The paper venue's order types, one desk's orders and bars by hand, as rows would hold them."""

from datetime import datetime, timedelta
from decimal import Decimal as D

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from backend.models import Desk, Order, Position
from backend.trading.exposure import Exposure
from backend.trading.ledger import Changes, Ledger
from backend.trading.matching import (
    COSTS,
    NOTE_AFTER_BARS,
    Outcome,
    awaits,
    looked_at,
    play,
    time_is_up,
)
from market.simulator.costs import FREE, CostModel
from market.simulator.resting import Status
from market.words import Bar, Interval
from tests.support.build_trading import IBM, INSTRUMENTS, MINUTE, T0

CLOSE = T0 + timedelta(minutes=3)


def order(name: str = "order_1", quantity: int = -10, **others: object) -> Order:
    its = {
        "id": name,
        "instrument": IBM,
        "side": "buy" if quantity > 0 else "sell",
        "type": "market",
        "quantity": D(abs(quantity)),
        "filled": D(0),
        "time_in_force": "gtc",
        "traded_value": D(0),
        "fees": D(0),
        "active_from": T0,
    }
    return Order(**its | others)


def bars(*rows: tuple[float, float, float, float], volume: float = 1_000.0) -> list[Bar]:
    """A minute each, from T0 on."""
    return [
        Bar(
            instrument=IBM,
            interval=Interval.MINUTE,
            start=T0 + n * MINUTE,
            end=T0 + (n + 1) * MINUTE,
            open=row[0],
            high=row[1],
            low=row[2],
            close=row[3],
            volume=volume,
        )
        for n, row in enumerate(rows)
    ]


UP, DOWN = (100.0, 106.0, 99.0, 105.0), (100.0, 101.0, 94.0, 95.0)
DAY = bars(UP, DOWN, (96.0, 97.0, 95.0, 95.5), (95.0, 96.0, 94.0, 95.0))


def played(
    *orders: Order, on: list[Bar] = DAY, held: int = 10, costs: CostModel = FREE
) -> list[Outcome]:
    return play(orders, D(held), on, INSTRUMENTS[IBM], costs)


def fills(outcomes: list[Outcome]) -> list[tuple[str, int, D, D]]:
    """(order, minute, quantity, price)."""
    return [
        (one.order, int((one.bar.start - T0) / MINUTE), one.quantity, one.price)
        for one in outcomes
        if one.quantity
    ]


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        ({"type": "stop", "stop_price": D(96)}, (1, "96.00")),
        ({"type": "stop_limit", "stop_price": D(96), "limit_price": D("96.5")}, (2, "96.50")),
        ({"type": "trailing_stop", "trail_amount": D(5)}, (1, "100.00")),
        ({"type": "market_on_open", "active_from": T0 + 2 * MINUTE}, (2, "96.00")),
        ({"type": "market_on_close", "expires_at": CLOSE}, (2, "95.50")),
        ({"type": "limit", "limit_price": D(104)}, (0, "104.00")),
    ],
)
def test_each_type_fills_as_the_simulator_says(
    terms: dict[str, object], expected: tuple[int, str]
) -> None:
    its = order(**terms)
    minute, price = expected
    assert fills(played(its)) == [("order_1", minute, D(10), D(price))]
    assert minute == 0 or awaits(its, DAY[:1])
    assert not awaits(its, DAY[: minute + 1])


def note(row: Order, outcomes: list[Outcome]) -> None:
    """What the broker writes into the order's row."""
    for one in outcomes:
        row.filled += one.quantity
        row.traded_value += one.quantity * one.price
        row.fees += one.fee
        row.triggered, row.extreme = one.triggered, one.extreme
        row.matched_until = one.bar.end


@pytest.mark.parametrize("stop_after", range(1, 6))
def test_stopped_after_any_bar_a_row_goes_on_to_the_same_fills(stop_after: int) -> None:
    costs = CostModel(2.0, 1.0, 1.0, 1.0, volume_share=0.01)
    busy = bars(*[UP, DOWN, (96, 97, 95, 95.5), (95, 96, 94, 95), DOWN], volume=400.0)
    terms = {"type": "trailing_stop", "trail_amount": D(5)}
    straight = played(order(**terms), on=busy, costs=costs)
    assert [one.quantity for one in straight if one.quantity] == [4, 4, 2]
    assert sum(one.fee for one in straight) == D("1.00")
    row = order(**terms)
    before = played(row, on=busy[:stop_after], costs=costs)
    note(row, before)
    left = [bar for bar in busy if bar.start >= looked_at(row)]
    held = 10 - int(row.filled)
    after = played(row, on=left, held=held, costs=costs) if row.filled < 10 else []
    assert fills(before + after) == fills(straight)
    assert [one.fee for one in before + after] == [one.fee for one in straight]


def test_of_two_that_exclude_each_other_one_fills_and_the_other_ends() -> None:
    pair = [
        order("profit", type="limit", limit_price=D(107), oco_group="g"),
        order("loss", type="stop", stop_price=D(96), oco_group="g"),
    ]
    outcomes = played(*pair)
    assert fills(outcomes) == [("loss", 1, D(10), D("96.00"))]
    ended = {one.order: (one.status, one.reason) for one in outcomes}
    assert ended["profit"] == (Status.CANCELLED, "other_filled")
    assert ended["loss"][0] is Status.FILLED


def test_reduce_only_sells_what_is_held_and_ends() -> None:
    outcomes = played(order(reduce_only=True), held=4)
    assert [(one.quantity, one.status, one.reason) for one in outcomes] == [
        (D(4), Status.CANCELLED, "nothing_to_reduce")
    ]
    assert [one.quantity for one in played(order(reduce_only=True), held=0)] == [D(0)]


def test_what_is_not_filled_at_once_or_by_the_close_ends() -> None:
    (ended,) = played(order(type="limit", limit_price=D(107), time_in_force="ioc"))
    assert (ended.status, ended.reason) == (Status.CANCELLED, "not_at_once")
    day = order(type="limit", limit_price=D(110), time_in_force="day", expires_at=CLOSE)
    *_, last = played(day)
    assert (last.status, last.bar.end) == (Status.EXPIRED, CLOSE)
    assert not time_is_up(day, CLOSE - MINUTE)
    assert time_is_up(day, CLOSE)
    assert not time_is_up(order(), CLOSE)


def test_volume_fills_in_parts_one_a_bar() -> None:
    capped = CostModel(1.0, 1.0, 0.5, 0.5, volume_share=0.005)
    outcomes = played(order(), costs=capped)
    assert [(one.quantity, one.status) for one in outcomes] == [
        (D(5), Status.WORKING),
        (D(5), Status.FILLED),
    ]
    assert [one.fee for one in outcomes] == [D("1.00"), D("0.00")]


def test_a_trailing_stops_best_price_is_noted_before_its_bars_are_forgotten() -> None:
    its = order(type="trailing_stop", trail_amount=D(50))
    quiet = bars(*[UP] * NOTE_AFTER_BARS)
    assert awaits(its, quiet[:-1])
    assert not awaits(its, quiet)
    (note,) = played(its, on=quiet, costs=COSTS)
    assert (note.quantity, note.status, note.extreme) == (0, Status.WORKING, D(106))
    assert note.bar.end == quiet[-1].end


def test_bars_that_were_looked_at_are_looked_at_no_more() -> None:
    seen: datetime = T0 + 2 * MINUTE
    its = order(type="stop", stop_price=D(96), matched_until=seen)
    assert fills(played(its)) == [("order_1", 2, D(10), D("96.00"))]


def test_what_only_guards_a_position_counts_neither_as_sold_nor_as_bought() -> None:
    """For sizing; for the risk check, of those that exclude each other the larger counts."""
    position = Position(instrument=IBM, quantity=D(10))
    resting = [
        order("stop", type="stop", stop_price=D(90)),
        order("profit", -4, type="limit", limit_price=D(120), oco_group="g"),
        order("loss", -6, type="stop", stop_price=D(80), oco_group="g"),
        order("closing", reduce_only=True),
        order("buying", 3),
    ]
    for one in resting:
        one.state = "accepted"
    desk = Desk(id="desk", cash=D(1_000))
    ledger = Ledger(AsyncSession(), desk, {IBM: position}, resting, Changes(desk))
    assert ledger.projected() == {IBM: D(13)}
    assert ledger.projected_cash({IBM: D(100)}) == D(700)
    assert ledger.exposures()[IBM] == Exposure(D(10), bought=D(3), may_sell=D(16))
    assert ledger.exposures(without="g")[IBM] == Exposure(D(10), bought=D(3), may_sell=D(10))
    resting[0].triggered = True
    assert ledger.projected() == {IBM: D(3)}
