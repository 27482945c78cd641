"""Wrong input through the front door: each refused in the right form, and nothing lost."""

import contextlib

import pytest
import websockets

from tests.support.demo import Demo
from tests.support.people import until

pytestmark = [pytest.mark.system, pytest.mark.timeout(300)]


async def test_an_unknown_instrument_is_not_found(shift: Demo) -> None:
    async with shift.person("trader1") as trader:
        response = await trader.http.get(
            "/market/bars", params={"instrument": "XNYS:NONE", "interval": "15m"}
        )
        assert response.status_code == 404
        assert response.headers["content-type"] == "application/problem+json"
        assert response.json()["code"] == "unknown_instrument"


async def test_an_order_above_the_limit_is_denied_with_its_reason(shift: Demo) -> None:
    async with shift.person("trader1") as trader:
        wish = {"instrument": "XNYS:AAPL", "side": "buy", "quantity": "100000"}
        named = wish | {"client_order_id": "above-the-limit"}
        answer = await trader.post("/orders", named, status=422)
        assert answer["code"] == "order_value"
        orders = (await trader.get("/orders"))["items"]
        (order,) = (one for one in orders if one["client_order_id"] == "above-the-limit")
        assert (order["state"], order["reason"]) == ("denied", "order_value")
        assert order["id"] not in {fill["order"] for fill in (await trader.get("/fills"))["items"]}


async def test_somebody_elses_desk_and_order_are_not_found(shift: Demo) -> None:
    async with shift.person("trader1") as one, shift.person("trader2") as two:
        theirs = (await two.get("/desk"))["id"]
        order = await two.post(
            "/orders", {"instrument": "XNYS:MSFT", "side": "buy", "quantity": "1"}
        )
        assert (await one.http.get(f"/orders/{order['id']}")).status_code == 404
        response = await one.http.post("/killswitch", json={"scope": f"desk:{theirs}"})
        assert response.status_code in (403, 404)


async def test_a_huge_frame_closes_the_socket_with_1009_and_harms_nobody(shift: Demo) -> None:
    async with shift.person("trader3") as trader, trader.live() as live, trader.live() as other:
        with contextlib.suppress(websockets.ConnectionClosed):
            await live.socket.send("x" * 10_000_000)
        await until(lambda: live.closed is not None, 10.0, what="the socket closed")
        assert live.closed == 1009
        await other.wait_for(lambda f: f["kind"] == "heartbeat", 10.0)
        assert other.closed is None
