"""Our books against the venue's: what differs is recorded, the desk only reduces, and what a socket
tells brings news at once.
"""

import asyncio
from collections.abc import AsyncIterator
from decimal import Decimal

import pytest
from sqlalchemy import select

from backend.database import transaction
from backend.models import Desk, Order, RiskState, VenueDifference
from backend.settings import Settings
from backend.trading import settling
from backend.trading.brokers.port import Account
from backend.trading.states import OrderState
from backend.trading.venues.differences import Difference, Ours, claimable, differences
from tests.support.build_venues import VenueRig, alpaca_rig
from tests.support.people import until
from tests.support.venues.exchange import Fault

D = Decimal


@pytest.fixture
async def rig(settings: Settings) -> AsyncIterator[VenueRig]:
    async with alpaca_rig(settings) as its:
        await its.settle()
        yield its


async def found(rig: VenueRig) -> list[tuple[str, str, str]]:
    async with transaction(rig.state.sessions) as session:
        rows = await session.scalars(select(VenueDifference).order_by(VenueDifference.id))
        return [(one.kind, one.subject, one.action) for one in rows]


async def state_of(rig: VenueRig) -> RiskState:
    async with transaction(rig.state.sessions) as session:
        return RiskState((await session.get_one(Desk, rig.desks.desk)).state)


async def in_state(rig: VenueRig, order: Order, state: OrderState) -> bool:
    return (await rig.order(order)).state == state


async def test_books_that_agree_leave_no_trace(rig: VenueRig) -> None:
    await rig.place("buy", 3)
    await rig.settle()
    assert rig.loop is not None
    assert await rig.loop.reconciler.step()
    assert await found(rig) == []
    assert await state_of(rig) is RiskState.ACTIVE


async def test_a_foreign_position_lets_the_desk_reduce_only_until_it_is_gone(rig: VenueRig) -> None:
    await rig.place("buy", 5)
    await rig.settle()
    rig.exchange.positions["AAPL"] += 7
    loop = await rig.restart()
    await loop.step()
    assert await found(rig) == [("position", "XNYS:AAPL", "refused")]
    assert await state_of(rig) is RiskState.REDUCING
    denied = await rig.place("buy", 1)
    assert denied.state == OrderState.DENIED
    sold = await rig.place("sell", 2)
    await rig.settle()
    assert (await rig.order(sold)).state == OrderState.FILLED
    rig.exchange.positions["AAPL"] -= 7
    loop = await rig.restart()
    await loop.step()
    assert await found(rig) == [("position", "XNYS:AAPL", "resolved")]
    assert await state_of(rig) is RiskState.ACTIVE


async def test_a_foreign_position_is_claimed_by_policy(settings: Settings) -> None:
    async with alpaca_rig(settings, venue_unknown="claim") as rig:
        await rig.settle()
        rig.exchange.positions["AAPL"] += 7
        loop = await rig.restart()
        await loop.step()
        assert loop.agreed
        assert await found(rig) == [("position", "XNYS:AAPL", "claimed")]
        await rig.place("buy", 1)
        await rig.settle()
        assert (await rig.books())[1] == 1


async def test_a_foreign_order_and_missing_money_are_differences(rig: VenueRig) -> None:
    rig.exchange.place("somebody-elses", "AAPL", "buy", "limit", D(1), D(50))
    rig.exchange.cash -= D(10)
    loop = await rig.restart()
    await loop.step()
    assert not loop.agreed
    told = {("cash", "cash", "refused"), ("order", "somebody-elses", "refused")}
    assert set(await found(rig)) == told


async def test_nothing_is_sent_before_the_books_were_compared(rig: VenueRig) -> None:
    order = await rig.place("buy", 1)
    rig.exchange.positions["AAPL"] += 7
    loop = await rig.restart()
    await loop.step()
    assert rig.exchange.orders == {}
    cancelled = await rig.order(order)
    assert cancelled.state == OrderState.CANCELLED


async def test_the_socket_brings_an_execution_at_once(rig: VenueRig) -> None:
    order = await rig.place("buy", 2, limit=90)
    loop = await rig.restart()
    running = asyncio.create_task(loop.run_for(60.0))
    try:
        await until(lambda: in_state(rig, order, OrderState.ACCEPTED), seconds=15)
        loop._polled = float("inf")
        await rig.move(89)
        await until(lambda: in_state(rig, order, OrderState.FILLED), seconds=15)
    finally:
        running.cancel()
        await asyncio.wait({running})
    await rig.check()


async def test_a_kill_switch_finds_orders_at_the_venue_and_lets_none_through(rig: VenueRig) -> None:
    resting = await rig.place("buy", 2, limit=90)
    await rig.settle()
    unsent = await rig.place("buy", 2)
    async with transaction(rig.state.sessions) as session:
        desk = await session.get_one(Desk, rig.desks.desk)
        desk.halted, desk.halt_reason = True, "test"

    await settling.settle(rig.state)
    assert (await rig.order(unsent)).state == OrderState.CANCELLED
    await rig.settle()
    assert (await rig.order(resting)).state == OrderState.CANCELLED
    assert not any(one.working for one in rig.exchange.orders.values())
    assert len(rig.exchange.orders) == 1
    assert (await rig.place("buy", 1)).state == OrderState.DENIED
    await rig.check()


async def test_too_many_requests_leave_the_venue_alone_for_as_long_as_it_asks(
    rig: VenueRig,
) -> None:
    rig.exchange.faults[:] = [Fault.SLOW_DOWN]
    order = await rig.place("buy", 1)
    await rig.settle()
    assert (await rig.order(order)).state == OrderState.FILLED
    await rig.check()


def test_what_may_be_claimed() -> None:
    def gap(kind: str, ours: str, theirs: str) -> Difference:
        return Difference(kind, "x", ours, theirs, D(theirs) - D(ours))

    assert claimable(gap("position", "0", "5"), D(0))
    assert claimable(gap("position", "0", "-5"), D(0))
    assert claimable(gap("position", "5", "0"), D(5)), "it was held beside, and is sold"
    assert not claimable(gap("position", "10", "4"), D(0)), "a desk believes to have ten"
    assert claimable(gap("cash", "100", "90"), D(20))
    assert not claimable(gap("cash", "100", "90"), D(5))
    assert not claimable(Difference("order", "x", "open", "unknown"), D(0))


def test_differences_are_found_on_both_sides() -> None:
    ours = Ours(D(100), {"A": D(5), "B": D(1)}, {"cash": D(50), "C": D(2)}, ["order-1"])
    theirs = Account(D("150.005"), {"A": D(5), "C": D(3)})
    kinds = [
        (one.kind, one.subject, one.gap)
        for one in differences(ours, theirs, ["foreign"], D("0.01"))
    ]
    assert kinds == [
        ("order", "order-1", 0),
        ("order", "foreign", 0),
        ("position", "B", -1),
        ("position", "C", 1),
    ]
