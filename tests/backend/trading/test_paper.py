"""The paper broker: fills and books in one transaction, whatever comes first, after any end."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal as D

import msgspec
import pytest
from sqlalchemy import select

from ai_pod.contracts import keys
from ai_pod.contracts.desk import DeskSnapshot
from ai_pod.contracts.live import Frame
from backend import streams
from backend.database import transaction
from backend.errors import Conflict
from backend.models import BrokerCursor, Fill, Order, Position
from backend.trading import service
from backend.trading.announce import refresh
from backend.trading.brokers.paper import LOOP, Matcher
from backend.trading.schemas import OrderRequest
from backend.trading.words import OrderType, Side
from tests.support.build_trading import (
    AAPL,
    IBM,
    MINUTE,
    T0,
    Desks,
    bar,
    decision,
    publish_bars,
)


async def fills_of(desks: Desks) -> list[Fill]:
    async with transaction(desks.state.sessions) as session:
        return list(await session.scalars(select(Fill).order_by(Fill.instrument)))


async def snapshot_of(desks: Desks) -> DeskSnapshot:
    stored = await desks.state.redis.get(keys.desk(desks.desk))
    assert stored is not None
    return msgspec.json.decode(stored, type=DeskSnapshot)


async def test_an_order_fills_at_the_first_bar_after_its_decision(desks: Desks) -> None:
    await publish_bars(desks.state.redis, bar(AAPL, T0 - MINUTE, 90.0))
    await desks.decide(decision(desks.desk, {AAPL: 0.5}))
    await desks.execute()
    assert await desks.fill() == 0
    await publish_bars(desks.state.redis, bar(AAPL, T0, 100.0), bar(AAPL, T0 + MINUTE, 110.0))
    assert await desks.fill() == 1
    (fill,) = await fills_of(desks)
    assert (fill.price, fill.fee, fill.at) == (D("100.01"), D("5.00"), T0)
    desk = await desks.read()
    assert (desk.cash, desk.fees) == (D("100000") - 500 * D("100.01") - 5, D(5))
    async with transaction(desks.state.sessions) as session:
        position = (await session.scalars(select(Position))).one()
        order = (await session.scalars(select(Order))).one()
    assert (position.quantity, position.cost) == (500, 500 * D("100.01"))
    assert (order.state, order.filled) == ("filled", 500)


async def test_the_bar_may_be_there_before_the_order(desks: Desks) -> None:
    await publish_bars(desks.state.redis, bar(AAPL, T0), bar(AAPL, T0 + MINUTE, 120.0))
    matcher = Matcher(desks.state)
    await matcher.step(block_ms=1)
    await desks.decide(decision(desks.desk, {AAPL: 0.5}))
    await desks.execute()
    assert await matcher.step(block_ms=1) == 1
    assert [fill.at for fill in await fills_of(desks)] == [T0]


async def test_each_instrument_waits_for_its_own_bar(desks: Desks) -> None:
    await desks.decide(decision(desks.desk, {AAPL: 0.3, IBM: 0.3}))
    await desks.execute()
    await publish_bars(desks.state.redis, bar(AAPL, T0))
    await publish_bars(desks.state.redis, bar(IBM, T0 + 3 * MINUTE, 50.0))
    assert await desks.fill() == 2
    assert [(one.instrument, one.at) for one in await fills_of(desks)] == [
        (AAPL, T0),
        (IBM, T0 + 3 * MINUTE),
    ]


async def test_two_brokers_at_once_fill_once(desks: Desks) -> None:
    await desks.decide(decision(desks.desk, {AAPL: 0.5}))
    await desks.execute()
    await publish_bars(desks.state.redis, bar(AAPL, T0))
    one, other = Matcher(desks.state), Matcher(desks.state)
    assert await one.step(block_ms=1) + await other.step(block_ms=1) == 1
    assert len(await fills_of(desks)) == 1


async def test_after_an_end_it_goes_on_from_its_cursor(desks: Desks) -> None:
    """The stream has gone on by more than a look back while nobody ran the broker."""
    await publish_bars(desks.state.redis, bar(AAPL, T0 - MINUTE))
    first = Matcher(desks.state)
    await first.run_for(0.01)
    async with transaction(desks.state.sessions) as session:
        cursor = await session.get_one(BrokerCursor, LOOP)
    assert cursor.bar_end == T0
    await desks.decide(decision(desks.desk, {AAPL: 0.5}))
    await desks.execute()
    later = [bar(IBM, T0 + n * MINUTE) for n in range(1, 30)]
    await publish_bars(desks.state.redis, bar(AAPL, T0), *later)
    again = Matcher(desks.state, look_back=10)
    for _ in range(3):
        await again.step(block_ms=1)
    assert [fill.at for fill in await fills_of(desks)] == [T0]


async def test_frames_and_snapshot_follow_the_commit(desks: Desks) -> None:
    await desks.decide(decision(desks.desk, {AAPL: 0.5}))
    await desks.execute()
    await publish_bars(desks.state.redis, bar(AAPL, T0))
    await desks.fill()
    entries = await streams.after(desks.state.redis, keys.live(desks.desk), streams.FIRST)
    kinds = [msgspec.json.decode(message, type=Frame).kind for _, message in entries]
    assert kinds == ["order", "equity", "fill", "order", "position"]
    snapshot = await snapshot_of(desks)
    assert snapshot.cash == D("49990.00")
    assert [(one.instrument, one.quantity) for one in snapshot.positions] == [(AAPL, D(500))]
    assert snapshot.equity == D("99990.00")
    assert [fill.price for fill in snapshot.recent_fills] == [D("100.01")]
    assert snapshot.open_orders == ()


async def test_a_snapshot_lost_with_redis_is_written_again(desks: Desks) -> None:
    await refresh(desks.state, None)
    before = await snapshot_of(desks)
    await desks.state.redis.flushall()
    await refresh(desks.state, None)
    after = await snapshot_of(desks)
    assert (after.cash, after.limits) == (before.cash, before.limits)


async def test_an_older_snapshot_never_replaces_a_newer_one(desks: Desks) -> None:
    await refresh(desks.state, None)
    newer = msgspec.structs.replace(await snapshot_of(desks), name="newer", valued_wall=9e12)
    await desks.state.redis.set(keys.desk(desks.desk), msgspec.json.encode(newer))
    await refresh(desks.state, None)
    assert (await snapshot_of(desks)).name == "newer"


async def test_an_order_of_the_last_bar_fills_at_the_next_sessions_first(desks: Desks) -> None:
    await desks.decide(decision(desks.desk, {AAPL: 0.5}))
    await desks.execute()
    morning = T0 + timedelta(hours=18)
    await publish_bars(desks.state.redis, bar(AAPL, T0 - MINUTE), bar(AAPL, morning, 95.0))
    assert await desks.fill() == 1
    assert [(fill.at, fill.price) for fill in await fills_of(desks)] == [(morning, D("95.01"))]


async def test_orders_that_rest_at_their_limit_hold_no_younger_one_up(desks: Desks) -> None:
    for limit in (D("1.00"), D("2.00"), D("95.00"), None):
        await by_hand(desks, limit)
    matcher = Matcher(desks.state, orders_at_once=2)
    await publish_bars(desks.state.redis, bar(AAPL, T0, 100.0))
    assert await matcher.step(block_ms=1) == 1
    assert await matcher.step(block_ms=1) == 0
    await publish_bars(desks.state.redis, bar(AAPL, T0 + MINUTE, 95.5))
    assert await matcher.step(block_ms=1) == 1
    assert sorted(fill.price for fill in await fills_of(desks)) == [D("95.00"), D("100.01")]


async def by_hand(desks: Desks, limit: D | None) -> None:
    wanted = OrderRequest(
        instrument=AAPL,
        side=Side.BUY,
        quantity=D(1),
        kind=OrderType.MARKET if limit is None else OrderType.LIMIT,
        limit_price=limit,
    )
    async with transaction(desks.state.sessions) as session:
        await service.place_order(session, desks.state, desks.desk, wanted, None)


async def place(desks: Desks, **terms: object) -> str:
    """By hand, to sell ten; the order's id."""
    wanted = OrderRequest(**{"instrument": AAPL, "side": Side.SELL, "quantity": D(10)} | terms)
    async with transaction(desks.state.sessions) as session:
        placed = await service.place_order(session, desks.state, desks.desk, wanted, None)
    return placed.id


async def orders_of(desks: Desks) -> dict[str, Order]:
    async with transaction(desks.state.sessions) as session:
        return {one.id: one for one in await session.scalars(select(Order))}


async def test_a_bracket_fills_one_leg_and_ends_the_other(desks: Desks) -> None:
    """Neither leg counts against the other at the risk check; a third comes too late."""
    await place(desks, side=Side.BUY)
    await publish_bars(desks.state.redis, bar(AAPL, T0))
    assert await desks.fill() == 1
    profit = await place(desks, kind="limit", limit_price=D(110), oco_group="g")
    loss = await place(desks, kind="stop", stop_price=D(95), oco_group="g", reduce_only=True)
    matcher = Matcher(desks.state)
    await refresh(desks.state, None)
    told = {one.id: one for one in (await snapshot_of(desks)).open_orders}
    assert (told[loss].kind, told[loss].stop_price, told[loss].reduce_only) == ("stop", D(95), True)
    assert (told[profit].limit_price, told[profit].oco_group) == (D(110), "g")
    await publish_bars(desks.state.redis, bar(AAPL, T0 + MINUTE))
    assert await matcher.step(block_ms=1) == 0
    await publish_bars(desks.state.redis, bar(AAPL, T0 + 2 * MINUTE, 95.5))
    assert await matcher.step(block_ms=1) == 1
    orders = await orders_of(desks)
    assert (orders[loss].state, orders[loss].traded_value) == ("filled", D("949.90"))
    assert (orders[profit].state, orders[profit].reason) == ("cancelled", "other_filled")
    with pytest.raises(Conflict, match="has been filled, which excludes this one"):
        await place(desks, kind="limit", limit_price=D(110), oco_group="g")
    with pytest.raises(Conflict, match="one group excludes orders of one instrument"):
        await place(desks, instrument=IBM, oco_group="g")


async def test_volume_fills_an_order_bar_by_bar_and_the_close_ends_it(desks: Desks) -> None:
    """A tenth of a hundred units a minute; at 20:00 UTC the session is over."""
    capped = desks.state.settings.model_copy(update={"paper_volume_share": 0.01})
    matcher = Matcher(replace(desks.state, settings=capped))
    bought = await place(desks, side=Side.BUY, quantity=D(25), time_in_force="day")
    last = datetime(2012, 10, 16, 19, 59, tzinfo=UTC)
    for minute, start in enumerate([T0, T0 + MINUTE, last]):
        await publish_bars(desks.state.redis, bar(IBM, start), bar(AAPL, start))
        if minute == 1:
            await publish_bars(desks.state.redis, bar(IBM, start + MINUTE))
        assert await matcher.step(block_ms=1) == 1
        its = (await orders_of(desks))[bought]
        assert its.state == ["partially_filled", "partially_filled", "filled"][minute]
    assert [fill.quantity for fill in await fills_of(desks)] == [10, 10, 5]
    never = await place(desks, kind="limit", limit_price=D(200), time_in_force="day")
    await publish_bars(desks.state.redis, bar(IBM, last + MINUTE * 5))
    assert await matcher.step(block_ms=1) == 0
    its = (await orders_of(desks))[never]
    assert (its.state, its.reason, its.ended_at) == ("expired", "session_over", last + MINUTE)
    snapshot = await snapshot_of(desks)
    assert snapshot.open_orders == ()
