"""One body over all brokers: what a desk orders is executed once, and the books agree."""

from collections.abc import AsyncIterator
from decimal import Decimal

import pytest

from backend.settings import Settings
from backend.trading.states import OrderState
from tests.support.build_venues import CASH, RIGS, Rig, ccxt_rig

D = Decimal


@pytest.fixture(params=sorted(RIGS))
async def rig(request: pytest.FixtureRequest, settings: Settings) -> AsyncIterator[Rig]:
    async with RIGS[request.param](settings) as its:
        yield its


async def test_a_market_order_is_filled(rig: Rig) -> None:
    order = await rig.place("buy", 10)
    await rig.move(100)
    await rig.settle()
    bought = await rig.order(order)
    assert (bought.state, bought.filled) == (OrderState.FILLED, D(10))
    cash, held = await rig.books()
    assert held == 10
    assert CASH - cash == pytest.approx(D(1000), abs=D("1.5"))
    await rig.check()


async def test_what_is_sold_comes_back_as_cash(rig: Rig) -> None:
    await rig.place("buy", 10)
    await rig.move(100)
    await rig.settle()
    await rig.place("sell", 4)
    await rig.move(110)
    await rig.settle()
    cash, held = await rig.books()
    assert held == 6
    assert cash - CASH + 1000 == pytest.approx(D(440), abs=D("42"))
    await rig.check()


async def test_a_limit_order_waits_for_its_price(rig: Rig) -> None:
    order = await rig.place("buy", 5, limit=90)
    await rig.move(95)
    await rig.settle()
    waiting = await rig.order(order)
    assert (waiting.state, waiting.filled) == (OrderState.ACCEPTED, D(0))
    await rig.move(89)
    await rig.settle()
    assert (await rig.order(order)).state == OrderState.FILLED
    (fill,) = await rig.fills()
    assert fill.price <= 90
    await rig.check()


async def test_a_cancelled_order_is_never_filled(rig: Rig) -> None:
    order = await rig.place("buy", 5, limit=90)
    await rig.settle()
    await rig.cancel(order)
    await rig.settle()
    cancelled = await rig.order(order)
    assert (cancelled.state, cancelled.reason) == (OrderState.CANCELLED, "by_hand")
    await rig.move(80)
    await rig.settle()
    assert await rig.fills() == []
    await rig.check()


async def test_an_order_is_placed_once_however_often_it_is_asked_for(rig: Rig) -> None:
    first = await rig.place("buy", 3, client_id="mine")
    again = await rig.place("buy", 3, client_id="mine")
    assert first.id == again.id
    await rig.move(100)
    await rig.settle()
    assert (await rig.books())[1] == 3
    await rig.check()


async def test_several_orders_at_once(rig: Rig) -> None:
    for quantity in (1, 2, 3):
        await rig.place("buy", quantity)
    await rig.move(100)
    await rig.settle()
    assert [one.state for one in await rig.orders()] == [OrderState.FILLED] * 3
    assert (await rig.books())[1] == 6
    await rig.check()


async def test_a_fee_kept_back_in_kind_leaves_the_books_equal(settings: Settings) -> None:
    async with ccxt_rig(settings, base_fee=D("0.001")) as rig:
        order = await rig.place("buy", 10)
        await rig.settle()
        assert (await rig.order(order)).filled == 10
        assert (await rig.books())[1] == D("9.99")
        await rig.check()
        loop = await rig.restart()
        await loop.step()
        assert loop.agreed
