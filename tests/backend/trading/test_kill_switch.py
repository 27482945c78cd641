"""The kill switch under fire: orders in every state, and orders by hand, decisions and fills that
go on while it is pulled. No order is open afterwards, and none passes until a person lifts it.
"""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from msgspec import structs
from sqlalchemy import select

from backend.auth.dependencies import Caller
from backend.database import transaction
from backend.errors import Forbidden
from backend.models import Order, RiskState, Role
from backend.settings import Settings
from backend.trading import conditions, service, settling
from backend.trading.brokers.paper import Matcher
from backend.trading.conditions import Claim
from backend.trading.desk_states import Cause
from backend.trading.executor import DecisionConsumer
from backend.trading.schemas import OrderRequest
from backend.trading.states import ENDED, OPEN, OrderState
from backend.trading.switches import KillSwitch
from backend.trading.words import OrderType, Side
from tests.support.build_desks import set_desks
from tests.support.build_trading import (
    AAPL,
    IBM,
    MINUTE,
    T0,
    Desks,
    bar,
    decision,
    publish_bars,
    trading_desks,
)

ATTEMPTS = 30


@pytest.fixture
async def two(settings: Settings) -> AsyncIterator[Desks]:
    async with trading_desks(settings, ("ann", "ben")) as its:
        await set_desks(its.state, its.desks, max_orders_per_minute=600)
        yield its


async def caller(desks: Desks, role: Role = Role.RISK, login: str = "rick") -> Caller:
    return Caller("user", (await desks.read()).organisation_id, role, login.title(), login)


async def attempt(desks: Desks, desk: str, number: int) -> str:
    """An order by hand; its state, or `denied` with its reason."""
    limit = None if number % 2 else Decimal(99)
    body = OrderRequest(
        instrument=(AAPL, IBM)[number % 3 == 0],
        side=Side.BUY,
        quantity=Decimal(1 + number % 5),
        kind=OrderType.MARKET if limit is None else OrderType.LIMIT,
        limit_price=limit,
    )
    async with transaction(desks.state.sessions) as session:
        order = await service.place_order(session, desks.state, desk, body, f"{desk[-4:]}-{number}")
    return f"{order.state} {order.reason}".strip()


async def pull(desks: Desks, desk: str | None) -> int:
    async with transaction(desks.state.sessions) as session:
        switch = KillSwitch(await caller(desks), desk, "drill")
        return (await switch.pull(session, desks.state)).cancelled_orders


async def lift(desks: Desks, desk: str | None, by: Caller) -> None:
    async with transaction(desks.state.sessions) as session:
        await KillSwitch(by, desk).lift(session, desks.state)


async def orders(desks: Desks) -> list[Order]:
    async with transaction(desks.state.sessions) as session:
        return list(await session.scalars(select(Order).order_by(Order.id)))


async def in_every_state(desks: Desks) -> None:
    """Orders of the first desk in every state that is stored but denied."""
    for number in range(len(OrderState) * 2):
        await attempt(desks, desks.desk, 2 * number)
    wanted = [state for state in OrderState if state not in (OrderState.NEW, OrderState.DENIED)]
    async with transaction(desks.state.sessions) as session:
        rows = list(await session.scalars(select(Order).order_by(Order.id)))
        for row, state in zip(rows, [*wanted, *wanted], strict=False):
            row.state = state


@pytest.mark.parametrize("scope", ["desk", "all"])
async def test_pulled_under_fire_it_leaves_no_order_open_and_lets_none_through(
    two: Desks, scope: str
) -> None:
    random.seed(5)
    await in_every_state(two)
    ended = {row.id: row.state for row in await orders(two) if row.state in ENDED}
    halted = two.desks[:1] if scope == "desk" else two.desks
    pulled = asyncio.Event()
    outcomes: list[tuple[str, bool, str]] = []

    async def fire(desk: str, number: int) -> None:
        late = number % 3 == 0
        if late:
            await pulled.wait()
        outcomes.append((desk, late, await attempt(two, desk, 1000 + number)))

    async def decide(number: int) -> None:
        two_bars = timedelta(minutes=15) * number
        for epoch, desk in enumerate(two.desks, start=1):
            its = decision(desk, {AAPL: 0.2 + number / 50}, at=T0 + two_bars)
            await two.decide(structs.replace(its, lease_epoch=epoch))

    async def execute() -> None:
        consumer = DecisionConsumer(two.state)
        for number in range(6):
            await decide(number)
            await consumer.step(block_ms=1)

    async def fill() -> None:
        matcher = Matcher(two.state)
        for minute in range(6):
            its = [bar(name, T0 + minute * MINUTE) for name in (AAPL, IBM)]
            await publish_bars(two.state.redis, *its)
            await matcher.step(block_ms=1)

    async def switch() -> None:
        await pull(two, two.desk if scope == "desk" else None)
        pulled.set()

    fires: list[Any] = [fire(desk, n) for desk in two.desks for n in range(ATTEMPTS // 2)]
    fires.insert(ATTEMPTS // 4, switch())
    async with asyncio.TaskGroup() as group:
        for work in (*fires, execute(), fill()):
            group.create_task(work)
    two.hand.forward(timedelta(days=3))
    await settling.settle(two.state)
    await execute()

    after = await orders(two)
    assert not [row.id for row in after if row.desk_id in halted and row.state in OPEN]
    assert {row.id: row.state for row in after if row.id in ended} == ended
    late = [said for desk, is_late, said in outcomes if is_late and desk in halted]
    assert late
    assert set(late) == {"denied halted"}
    if scope == "desk":
        assert any(said == "accepted" for desk, _, said in outcomes if desk not in halted)
    for desk in halted:
        assert (await two.read(desk)).state == RiskState.HALTED
    counted = Counter(row.reason for row in after if row.desk_id in halted)
    assert counted["halted"] >= len(late)


async def test_neither_time_nor_a_restart_nor_conditions_lift_it(
    two: Desks, settings: Settings
) -> None:
    await pull(two, two.desk)
    claim = Claim(conditions.desk_scope(two.desk), Cause.STALE_FEED)
    await conditions.begin(two.state, claim)
    await conditions.end(two.state, claim)
    two.hand.forward(timedelta(days=30))
    await settling.settle(two.state)
    assert await attempt(two, two.desk, 1) == "denied halted"
    await lift(two, two.desk, await caller(two))
    assert (await two.read()).state == RiskState.ACTIVE
    assert await attempt(two, two.desk, 3) == "accepted"


async def test_lifted_under_a_condition_the_desk_may_only_reduce(two: Desks) -> None:
    await pull(two, None)
    await conditions.begin(
        two.state, Claim(conditions.desk_scope(two.desk), Cause.RECONCILIATION_FAILED)
    )
    await lift(two, None, await caller(two))
    assert await attempt(two, two.desk, 1) == "denied reducing"
    assert await attempt(two, two.desks[1], 1) == "accepted"


async def test_a_trader_lifts_what_the_trader_has_pulled_and_nothing_else(two: Desks) -> None:
    ann = await caller(two, Role.TRADER, "ann")
    await pull(two, two.desk)
    with pytest.raises(Forbidden):
        await lift(two, two.desk, ann)
    await lift(two, two.desk, await caller(two))
    async with transaction(two.state.sessions) as session:
        await KillSwitch(ann, two.desk).pull(session, two.state)
    await lift(two, two.desk, ann)
    assert (await two.read()).state == RiskState.ACTIVE
