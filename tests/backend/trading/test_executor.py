"""A decision is executed at most once, only under the current lease, and never when it is old."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import delete, func, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError

from ai_pod.contracts import keys
from backend.database import transaction
from backend.models import Decision, EquityPoint, Order, Seat, Signal
from backend.settings import Settings
from backend.trading.executor import DecisionConsumer
from market.clock import Anchor, Clock
from tests.support.build_desks import set_desks
from tests.support.build_trading import AAPL, IBM, T0, Desks, decision, seat, trading_desks
from tests.support.people import until

BAR = timedelta(minutes=15)


async def orders_of(desks: Desks) -> list[Order]:
    async with transaction(desks.state.sessions) as session:
        return list(await session.scalars(select(Order).order_by(Order.bar_end, Order.instrument)))


async def outcomes(desks: Desks) -> list[str]:
    async with transaction(desks.state.sessions) as session:
        return list(await session.scalars(select(Decision.outcome).order_by(Decision.bar_end)))


async def waiting(desks: Desks) -> int:
    summary = await desks.state.redis.xpending(keys.decisions(), "executor")
    return int(summary["pending"])  # type: ignore[index]


async def test_a_decision_becomes_orders_signals_and_an_equity_point(desks: Desks) -> None:
    await desks.decide(decision(desks.desk, {AAPL: 0.5, IBM: 0.25}))
    assert await desks.execute() == 1
    orders = await orders_of(desks)
    assert [(one.instrument, int(one.quantity), one.state) for one in orders] == [
        (AAPL, 500, "accepted"),
        (IBM, 250, "accepted"),
    ]
    assert {one.active_from for one in orders} == {T0}
    assert orders[0].client_order_id == f"{desks.desk}:20121016T144500Z:{AAPL}"
    assert await outcomes(desks) == ["executed"]
    async with transaction(desks.state.sessions) as session:
        assert (await session.scalars(select(func.count(Signal.id)))).one() == 2
        point = (await session.scalars(select(EquityPoint))).one()
    assert (point.bar_end, point.equity) == (T0, 100_000)
    assert (await desks.read()).last_bar_end == T0
    assert await waiting(desks) == 0


async def test_delivered_twice_it_is_executed_once(desks: Desks) -> None:
    its = decision(desks.desk, {AAPL: 0.5})
    await desks.decide(its)
    await desks.decide(its)
    await desks.execute()
    assert len(await orders_of(desks)) == 1
    assert await waiting(desks) == 0


async def test_what_a_killed_consumer_left_is_done_by_another_once(desks: Desks) -> None:
    """Killed before its transaction, and (the second entry) between commit and acknowledgement."""
    killed = DecisionConsumer(desks.state)
    await desks.decide(decision(desks.desk, {AAPL: 0.5}))
    await killed.step(block_ms=1)
    await desks.decide(decision(desks.desk, {AAPL: 0.2}, at=T0 + BAR))
    left = await killed.group.fresh(block_ms=10, count=10)
    await desks.state.redis.xadd(keys.decisions(), {keys.FIELD: left[0][1]})
    assert await waiting(desks) == 1
    other = DecisionConsumer(replace(desks.state, name="another"))
    claimed = await other.group.claimed(idle_ms=0, count=10)
    assert await other.work_through(claimed) == 1
    await other.step(block_ms=1)
    assert len(await orders_of(desks)) == 2
    assert await outcomes(desks) == ["executed", "executed"]
    assert await waiting(desks) == 0


async def test_our_own_unacknowledged_entries_are_done_after_a_restart(desks: Desks) -> None:
    first = DecisionConsumer(desks.state)
    await first.step(block_ms=1)
    await desks.decide(decision(desks.desk, {AAPL: 0.5}))
    await first.group.fresh(block_ms=10, count=10)
    again = DecisionConsumer(desks.state)
    assert await again.work_through(await again.group.pending(count=10)) == 1
    assert len(await orders_of(desks)) == 1
    assert await waiting(desks) == 0


async def test_a_stale_lease_is_fenced_and_leaves_the_bar_to_the_new_one(desks: Desks) -> None:
    async with transaction(desks.state.sessions) as session:
        await session.execute(delete(Seat).where(Seat.desk_id == desks.desk))
    await seat(desks.state, desks.desk, lease_epoch=7)
    await desks.decide(decision(desks.desk, {AAPL: 0.5}, lease_epoch=1))
    await desks.execute()
    assert await orders_of(desks) == []
    await desks.decide(decision(desks.desk, {AAPL: 0.3}, lease_epoch=7))
    await desks.execute()
    assert [int(one.quantity) for one in await orders_of(desks)] == [300]
    assert await waiting(desks) == 0


async def test_the_lock_on_the_seat_makes_a_move_wait_for_the_orders(desks: Desks) -> None:
    """Whoever moves the desk at the same time comes after, or the decision is fenced."""
    await desks.decide(decision(desks.desk, {AAPL: 0.5}))
    async with transaction(desks.state.sessions) as session:
        await session.execute(select(Seat).where(Seat.desk_id == desks.desk).with_for_update())
        executing = asyncio.create_task(desks.execute())
        done, _ = await asyncio.wait({executing}, timeout=0.3)
        assert not done
        await session.execute(delete(Seat).where(Seat.desk_id == desks.desk))
    await executing
    assert await orders_of(desks) == []


async def test_older_than_a_bar_is_expired(desks: Desks) -> None:
    desks.hand.forward(BAR + timedelta(seconds=1))
    await desks.decide(decision(desks.desk, {AAPL: 0.5}))
    await desks.execute()
    assert await outcomes(desks) == ["expired"]
    assert await orders_of(desks) == []


async def test_on_a_fast_clock_five_real_seconds_are_allowed(settings: Settings) -> None:
    async with trading_desks(settings) as desks:
        clock = Clock(Anchor(market=T0, wall=0.0, speed=600.0), wall=lambda: 4.0)
        desks.state = replace(desks.state, clock=clock)
        await desks.decide(decision(desks.desk, {AAPL: 0.5}))
        await desks.execute()
        assert await outcomes(desks) == ["executed"]


async def test_an_older_bar_than_the_last_is_superseded(desks: Desks) -> None:
    await desks.decide(decision(desks.desk, {AAPL: 0.5}))
    await desks.decide(decision(desks.desk, {AAPL: 0.9}, at=T0 - BAR))
    await desks.execute()
    assert await outcomes(desks) == ["superseded", "executed"]
    assert len(await orders_of(desks)) == 1
    assert (await desks.read()).last_bar_end == T0


async def test_a_desk_that_is_not_automatic_is_only_recorded(desks: Desks) -> None:
    await set_desks(desks.state, desks.desks, automatic=False)
    await desks.decide(decision(desks.desk, {AAPL: 0.5}))
    await desks.execute()
    assert (await outcomes(desks), await orders_of(desks)) == (["recorded"], [])


async def test_open_orders_count_as_held(desks: Desks) -> None:
    """Unfilled orders of the bar before are not ordered again."""
    await desks.decide(decision(desks.desk, {AAPL: 0.5}))
    await desks.execute()
    desks.hand.forward(BAR)
    await desks.decide(decision(desks.desk, {AAPL: 0.5}, at=T0 + BAR))
    await desks.execute()
    assert await outcomes(desks) == ["executed", "no_orders"]


async def test_denials_are_recorded_with_their_reason(desks: Desks) -> None:
    await set_desks(desks.state, desks.desks, max_position_weight=0.3)
    await desks.decide(decision(desks.desk, {AAPL: 0.5, IBM: 0.2}))
    await desks.execute()
    denied, accepted = await orders_of(desks)
    assert (denied.state, denied.reason) == ("denied", "position_weight")
    assert denied.context == {"weight": "0.5000", "limit": "0.3"}
    assert accepted.state == "accepted"


async def test_a_message_that_nobody_can_read_does_not_stop_the_others(desks: Desks) -> None:
    await desks.state.redis.xadd(keys.decisions(), {keys.FIELD: b"{not json"})
    await desks.decide(decision(desks.desk, {AAPL: 0.5}))
    assert await desks.execute() == 2
    assert len(await orders_of(desks)) == 1


async def test_a_flushed_redis_gets_its_group_again(desks: Desks) -> None:
    consumer = DecisionConsumer(desks.state)
    await desks.execute(consumer)
    names = await desks.state.redis.hgetall("market:instruments")
    await desks.state.redis.flushall()
    for name, value in names.items():
        await desks.state.redis.hset("market:instruments", name, value)
    await desks.decide(decision(desks.desk, {AAPL: 0.5}))
    await desks.execute(consumer)
    assert len(await orders_of(desks)) == 1


async def let_in(database_url: str, allowed: bool) -> None:
    """Postgres takes no connections to the test's database, and ends those that are open."""
    url = make_url(database_url)
    admin = url.set(database="postgres").render_as_string(hide_password=False)
    async with await psycopg.AsyncConnection.connect(admin, autocommit=True) as connection:
        name = sql.Identifier(url.database or "")
        word = sql.SQL("true" if allowed else "false")
        await connection.execute(
            sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}").format(name, word)
        )
        if not allowed:
            end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
            await connection.execute(end, [url.database])


async def test_while_postgres_is_away_nothing_is_acknowledged_or_lost(
    desks: Desks,
) -> None:
    database_url = desks.state.settings.database_url
    consumer = DecisionConsumer(desks.state)
    await desks.execute(consumer)
    await desks.decide(decision(desks.desk, {AAPL: 0.5}))
    await let_in(database_url, False)
    with pytest.raises(OperationalError):
        await consumer.step(block_ms=1)
    assert await waiting(desks) == 1
    await let_in(database_url, True)
    running = asyncio.create_task(consumer.run())
    await until(lambda: orders_of(desks), seconds=10)
    await until(lambda: none_waiting(desks), seconds=5)
    desks.state.tasks.stopping.set()
    await asyncio.wait_for(running, 5)
    assert len(await orders_of(desks)) == 1


async def none_waiting(desks: Desks) -> bool:
    return await waiting(desks) == 0
