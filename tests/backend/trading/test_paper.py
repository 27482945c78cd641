"""The paper broker: fills and books in one transaction, whatever comes first, after any end."""

from datetime import timedelta
from decimal import Decimal as D

import msgspec
from sqlalchemy import select

from ai_pod.contracts import keys
from ai_pod.contracts.desk import DeskSnapshot
from ai_pod.contracts.live import Frame
from backend import streams
from backend.database import transaction
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
