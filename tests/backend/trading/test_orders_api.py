"""Orders by hand over HTTP, with the broker running; the kill switch; somebody else's is 404."""

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import delete, update

from backend.database import transaction
from backend.desks.provision import NewDesk, create_desk
from backend.models import Desk, EquityPoint, Role, Seat, User
from backend.settings import Settings
from market.clock import Anchor
from tests.support.build_backend import Backend, running_backend
from tests.support.build_trading import (
    AAPL,
    IBM,
    MINUTE,
    T0,
    bar,
    decision,
    publish_bars,
    publish_decision,
    seat,
    serve_instruments,
)
from tests.support.people import until

API = "/api/v1"
ORDER = {"instrument": AAPL, "side": "buy", "quantity": "10", "client_order_id": "mine-1"}


@pytest.fixture
async def traders(settings: Settings) -> AsyncIterator[Backend]:
    """A back end at T0, at a real day's pace; ann, ben and zoe with desks, zoe elsewhere."""
    clock = str(Anchor(market=T0, wall=time.time(), speed=1.0))
    async with running_backend(settings.model_copy(update={"clock": clock})) as backend:
        await serve_instruments(backend.state.redis)
        for login, organisation in (("ann", "Test"), ("ben", "Test"), ("zoe", "Other")):
            user = await backend.user(login, Role.TRADER, organisation)
            async with transaction(backend.state.sessions) as session:
                await create_desk(session, user, NewDesk("XNYS", (AAPL, IBM)))
        await backend.user("rick", Role.RISK)
        yield backend


async def call(
    backend: Backend, login: str, method: str, path: str, **others: Any
) -> httpx.Response:
    headers = await backend.sign_in(login) | others.pop("headers", {})
    return await backend.client.request(method, API + path, headers=headers, **others)


async def read(backend: Backend, login: str, path: str) -> Any:
    answer = await call(backend, login, "GET", path)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_an_order_by_hand_is_filled_and_shown_everywhere(traders: Backend) -> None:
    placed = await call(traders, "ann", "POST", "/orders", json=ORDER)
    assert placed.status_code == 201, placed.text
    order = placed.json()
    assert (order["state"], order["source"], order["kind"]) == ("accepted", "manual", "market")
    await publish_bars(traders.state.redis, bar(AAPL, T0 - MINUTE), bar(AAPL, T0 + MINUTE, 101.0))

    async def filled() -> Any:
        return (await read(traders, "ann", f"/orders/{order['id']}"))["state"] == "filled"

    await until(filled, seconds=15)
    (fill,) = (await read(traders, "ann", "/fills"))["items"]
    assert (fill["price"], fill["fee"], fill["quantity"]) == ("101.01", "0.10", "10")
    (position,) = await read(traders, "ann", "/positions")
    assert (position["quantity"], position["average_price"]) == ("10", "101.01")
    assert position["last_price"] == "100.00"
    assert position["unrealised"] == "-10.10"
    assert (await read(traders, "ben", "/fills"))["items"] == []


async def test_the_same_client_order_id_is_the_same_order_or_a_conflict(traders: Backend) -> None:
    first = await call(traders, "ann", "POST", "/orders", json=ORDER)
    again = await call(traders, "ann", "POST", "/orders", json=ORDER)
    assert (again.status_code, again.json()["id"]) == (201, first.json()["id"])
    other = await call(traders, "ann", "POST", "/orders", json=ORDER | {"quantity": "11"})
    assert (other.status_code, other.json()["code"]) == (409, "client_order_id_taken")
    others = await call(traders, "ben", "POST", "/orders", json=ORDER)
    assert others.status_code == 201
    assert len((await read(traders, "ann", "/orders"))["items"]) == 1


async def test_an_idempotency_key_stands_in_for_it(traders: Backend) -> None:
    body = {"instrument": AAPL, "side": "buy", "quantity": "1"}
    key = {"Idempotency-Key": "key-1"}
    ids = {
        (await call(traders, "ann", "POST", "/orders", json=body, headers=key)).json()["id"]
        for _ in range(2)
    }
    assert len(ids) == 1


REFUSED = [
    ({"quantity": "100000"}, "order_value"),
    ({"instrument": "XNYS:NONE"}, "unknown_instrument"),
    ({"side": "sell"}, "sell_beyond_position"),
    ({"quantity": "0"}, "invalid_request"),
    ({"quantity": "NaN"}, "invalid_request"),
    ({"kind": "limit"}, "invalid_request"),
    ({"kind": "stop", "limit_price": "5"}, "invalid_request"),
    ({"stop_price": "5"}, "invalid_request"),
    ({"kind": "trailing_stop", "trail_amount": "-1"}, "invalid_request"),
    ({"kind": "market_on_open", "time_in_force": "gtc"}, "invalid_request"),
    ({"surprise": 1}, "invalid_request"),
]


async def test_a_refusal_carries_its_code_and_a_denial_stays_on_record(traders: Backend) -> None:
    for number, (change, code) in enumerate(REFUSED):
        body = ORDER | {"client_order_id": f"no-{number}"} | change
        for _ in range(2):
            answer = await call(traders, "ann", "POST", "/orders", json=body)
            assert (answer.status_code, answer.json()["code"]) == (422, code)
            assert answer.headers["content-type"] == "application/problem+json"
    recorded = (await read(traders, "ann", "/orders"))["items"]
    denied = {code for _, code in REFUSED} - {"invalid_request"}
    assert sorted(order["reason"] for order in recorded) == sorted(denied)
    assert all(order["state"] == "denied" and order["context"] for order in recorded)


async def test_a_preview_says_what_the_order_is_then_told_and_writes_nothing(
    traders: Backend,
) -> None:
    for change, code in [({}, None), ({"quantity": "100000"}, "order_value")]:
        said = await call(traders, "ann", "POST", "/orders/preview", json=ORDER | change)
        assert said.status_code == 200, said.text
        assert (said.json()["allowed"], said.json()["reason"]) == (code is None, code)
    assert said.json()["detail"].startswith("it is worth 10,000,000.00")
    assert (await read(traders, "ann", "/orders"))["items"] == []
    wrong = await call(traders, "ann", "POST", "/orders/preview", json=ORDER | {"kind": "limit"})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "invalid_request")
    desk = (await read(traders, "ann", "/desk"))["id"]
    foreign = await call(traders, "zoe", "POST", f"/orders/preview?desk={desk}", json=ORDER)
    assert foreign.status_code == 404


async def test_an_order_is_cancelled_once_and_for_all(traders: Backend) -> None:
    limit = ORDER | {"kind": "limit", "limit_price": "50"}
    order = (await call(traders, "ann", "POST", "/orders", json=limit)).json()
    for _ in range(2):
        answer = await call(traders, "ann", "DELETE", f"/orders/{order['id']}")
        assert (answer.status_code, answer.json()["state"]) == (200, "cancelled")
    assert (await read(traders, "ann", "/orders?open=true"))["items"] == []


async def test_an_order_says_its_terms_and_until_when_it_stands(traders: Backend) -> None:
    terms = {"kind": "stop_limit", "stop_price": "105", "limit_price": "106.5"}
    body = ORDER | terms | {"time_in_force": "day", "oco_group": "g"}
    placed = (await call(traders, "ann", "POST", "/orders", json=body)).json()
    assert {name: placed[name] for name in terms} == terms | {
        "stop_price": "105.00",
        "limit_price": "106.50",
    }
    assert (placed["state"], placed["oco_group"]) == ("accepted", "g")
    assert placed["expires_at"] == "2012-10-16T20:00:00Z"
    assert (placed["average_price"], placed["fees"], placed["triggered"]) == (None, "0.00", False)
    again = await call(traders, "ann", "POST", "/orders", json=body | {"stop_price": "104"})
    assert (again.status_code, again.json()["code"]) == (409, "client_order_id_taken")
    opening = ORDER | {"kind": "market_on_open", "client_order_id": "at-the-open"}
    told = (await call(traders, "ann", "POST", "/orders", json=opening)).json()
    assert (told["time_in_force"], told["expires_at"]) == ("day", "2012-10-17T20:00:00Z")
    wrong = ORDER | {"kind": "stop", "client_order_id": "no-stop"}
    refused = (await call(traders, "ann", "POST", "/orders", json=wrong)).json()
    assert "a stop order needs a stop_price" in refused["errors"][0]["message"]


async def test_somebody_elses_order_is_not_found(traders: Backend) -> None:
    order = (await call(traders, "ann", "POST", "/orders", json=ORDER)).json()
    for login in ("ben", "zoe"):
        for method in ("GET", "DELETE"):
            answer = await call(traders, login, method, f"/orders/{order['id']}")
            assert answer.status_code == 404


async def test_lists_come_in_pages(traders: Backend) -> None:
    for number in range(5):
        body = ORDER | {"client_order_id": f"n{number}", "quantity": "1"}
        assert (await call(traders, "ann", "POST", "/orders", json=body)).status_code == 201
    seen: list[str] = []
    cursor = ""
    while True:
        page = await read(traders, "ann", f"/orders?limit=2{cursor}")
        seen += [order["client_order_id"] for order in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert sorted(seen) == [f"n{number}" for number in range(5)]


async def test_the_kill_switch_cancels_blocks_and_latches(traders: Backend) -> None:
    limit = ORDER | {"kind": "limit", "limit_price": "50"}
    await call(traders, "ann", "POST", "/orders", json=limit)
    pulled = await call(traders, "ann", "POST", "/killswitch", json={"scope": "desk"})
    assert pulled.json() | {"reason": ""} == {
        "scope": "desk",
        "halted": True,
        "reason": "",
        "cancelled_orders": 1,
    }
    blocked = await call(
        traders, "ann", "POST", "/orders", json=ORDER | {"client_order_id": "mine-2"}
    )
    assert (blocked.status_code, blocked.json()["code"]) == (422, "halted")
    assert (await call(traders, "ben", "POST", "/orders", json=ORDER)).status_code == 201
    lifted = await call(traders, "ann", "DELETE", "/killswitch")
    assert lifted.json()["halted"] is False
    allowed = await call(
        traders, "ann", "POST", "/orders", json=ORDER | {"client_order_id": "mine-3"}
    )
    assert allowed.status_code == 201


async def test_the_kill_switch_for_all_takes_a_role_and_stops_decisions(traders: Backend) -> None:
    refused = await call(traders, "ann", "POST", "/killswitch", json={"scope": "all"})
    assert refused.status_code == 403
    pulled = await call(traders, "rick", "POST", "/killswitch", json={"scope": "all"})
    assert pulled.status_code == 200, pulled.text
    desk = (await read(traders, "ann", "/desk"))["id"]
    async with transaction(traders.state.sessions) as session:
        await session.execute(delete(Seat))
    await seat(traders.state, desk, lease_epoch=900)
    its = decision(desk, {AAPL: 0.4}, at=T0, lease_epoch=900)
    await publish_decision(traders.state.redis, its)

    async def denied() -> Any:
        return (await read(traders, "ann", "/orders"))["items"]

    orders = await until(denied, seconds=15)
    assert {(order["state"], order["reason"]) for order in orders} == {("denied", "halted")}
    elsewhere = await call(traders, "zoe", "POST", "/orders", json=ORDER)
    assert elsewhere.status_code == 201


async def test_equity_comes_in_buckets(traders: Backend) -> None:
    desk = (await read(traders, "ann", "/desk"))["id"]
    async with transaction(traders.state.sessions) as session:
        owner = (await session.get_one(Desk, desk)).organisation_id
        session.add_all(
            EquityPoint(
                desk_id=desk,
                organisation_id=owner,
                bar_end=T0 + n * timedelta(minutes=15),
                equity=100_000 + n,
                cash=1,
                exposure=0,
            )
            for n in range(10)
        )
    assert len((await read(traders, "ann", "/equity"))["points"]) == 10
    few = (await read(traders, "ann", "/equity?limit=5"))["points"]
    assert [point["equity"] for point in few] == [f"10000{n}.00" for n in (1, 3, 5, 7, 9)]
    assert (await read(traders, "ben", "/equity"))["points"] == []


async def test_an_instrument_that_is_ordered_stays_with_the_desk(traders: Backend) -> None:
    placed = await call(traders, "ann", "POST", "/orders", json=ORDER)
    without = {"instruments": [IBM]}
    refused = await call(traders, "ann", "PATCH", "/desk/instruments", json=without)
    assert (refused.status_code, refused.json()["code"]) == (409, "held")
    await call(traders, "ann", "DELETE", f"/orders/{placed.json()['id']}")
    changed = await call(traders, "ann", "PATCH", "/desk/instruments", json=without)
    assert changed.json()["instruments"] == [IBM]


async def test_more_orders_at_once_than_connections_wait_for_no_one_another(
    settings: Settings,
) -> None:
    """A request holds one connection at most: else many at once would wait for ever."""
    few = settings.model_copy(update={"database_connections": 2})
    async with running_backend(few) as backend:
        await serve_instruments(backend.state.redis)
        user = await backend.user("ann", Role.TRADER)
        async with transaction(backend.state.sessions) as session:
            await create_desk(session, user, NewDesk("XNYS", (AAPL, IBM)))
        await backend.sign_in("ann")
        orders = [ORDER | {"client_order_id": f"at-once-{number}"} for number in range(12)]
        asked = [call(backend, "ann", "POST", "/orders", json=order) for order in orders]
        async with asyncio.timeout(20):
            answers = await asyncio.gather(*asked)
        assert {answer.status_code for answer in answers} == {201}


async def test_a_viewer_looks_on(traders: Backend) -> None:
    async with transaction(traders.state.sessions) as session:
        change = update(User).where(User.login == "ann").values(role=Role.VIEWER)
        await session.execute(change)
    assert (await call(traders, "ann", "GET", "/desk")).status_code == 200
    for method, path, body in (
        ("POST", "/orders", ORDER),
        ("DELETE", "/orders/any", None),
        ("PATCH", "/desk/risk", {"max_daily_loss": 0.01}),
        ("POST", "/killswitch", {}),
    ):
        refused = await call(traders, "ann", method, path, json=body)
        assert (refused.status_code, refused.json()["code"]) == (403, "forbidden"), path


async def test_an_order_by_hand_takes_no_decisions_identity(traders: Backend) -> None:
    desk = (await read(traders, "ann", "/desk"))["id"]
    taken = ORDER | {"client_order_id": f"{desk}:20121016T150000Z:{AAPL}"}
    refused = await call(traders, "ann", "POST", "/orders", json=taken)
    assert (refused.status_code, refused.json()["code"]) == (422, "client_order_id_reserved")
