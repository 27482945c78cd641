"""Alpaca: orders over its REST API by `alpaca-py`'s client, hints over its `trade_updates` socket.

Executions are taken from the account's activities alone, so that each has one id however it was
heard of. The socket is spoken to directly: the package's stream class reconnects by itself without
saying so, which would hide gaps.
"""

import json
from collections.abc import AsyncGenerator, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import websockets
from alpaca.trading.client import TradingClient

from backend.settings import Settings
from backend.trading.brokers import kinds
from backend.trading.brokers.port import (
    Account,
    Report,
    Request,
    Status,
    VenueFill,
)
from market.alpaca_rest import AlpacaRest
from market.errors import VendorAway, VendorRefused
from market.tasks import in_time

MARKET = "XNYS"
"""Our instruments of this venue: US stocks, on New York's calendar."""

AUCTIONS = {"market_on_open": ("market", "opg"), "market_on_close": ("market", "cls")}
TAKEN = "client_order_id must be unique"
SILENCE_SECONDS = 10.0
PAGE = 100
STREAMS = {
    True: "wss://paper-api.alpaca.markets/stream",
    False: "wss://api.alpaca.markets/stream",
}
STATUSES = {
    "filled": Status.FILLED,
    "canceled": Status.CANCELLED,
    "replaced": Status.CANCELLED,
    "expired": Status.EXPIRED,
    "rejected": Status.REJECTED,
}
"""All others (new, accepted, pending_…, partially_filled, held, …) are working."""

Json = Mapping[str, Any]


class AlpacaVenue:
    """One Alpaca account."""

    doubt_seconds = 0.0
    """Alpaca refuses a client order id that it has had before, so sending again is safe."""

    def __init__(self, name: str, settings: Settings) -> None:
        self.name = name
        self._keys = settings.alpaca_keys()
        self._stream_url = settings.alpaca_stream_url or STREAMS[settings.venue_sandbox]
        client = TradingClient(
            *self._keys,
            paper=settings.venue_sandbox,
            raw_data=True,
            url_override=settings.alpaca_url or None,
        )
        self._rest = AlpacaRest(client)

    def refusal(self, request: Request) -> str | None:
        return kinds.alpaca_refusal(request)

    async def send(self, request: Request) -> Report:
        try:
            return _report(await self._rest.post("/orders", _asked(request)))
        except VendorRefused as error:
            if TAKEN in str(error):
                raise VendorAway("alpaca has the order already") from error
            raise

    async def find(self, client_order_id: str, _instrument: str) -> Report | None:
        asked = {"client_order_id": client_order_id}
        try:
            return _report(await self._rest.get("/orders:by_client_order_id", asked))
        except VendorRefused as error:
            if error.status == 404:
                return None
            raise VendorAway(str(error)) from error

    async def cancel(self, report: Report) -> None:
        await self._rest.delete(f"/orders/{report.venue_order}")

    async def open_orders(self) -> Sequence[Report]:
        asked = {"status": "open", "limit": 500, "nested": "false"}
        return [_report(one) for one in await self._rest.get("/orders", asked)]

    async def fills(self, report: Report, since: datetime) -> Sequence[VenueFill]:
        asked = {
            "after": since.astimezone(UTC).isoformat().replace("+00:00", "Z"),
            "direction": "asc",
            "page_size": PAGE,
        }
        found: list[VenueFill] = []
        while True:
            page = await self._rest.get("/account/activities/FILL", asked)
            found += [_fill(one) for one in page if one["order_id"] == report.venue_order]
            if len(page) < PAGE:
                return found
            asked["page_token"] = page[-1]["id"]

    async def account(self) -> Account:
        account = await self._rest.get("/account")
        held = await self._rest.get("/positions")
        positions = {f"{MARKET}:{one['symbol']}": Decimal(one["qty"]) for one in held}
        return Account(Decimal(account["cash"]), positions)

    async def updates(self) -> AsyncGenerator[str, None]:
        try:
            async with websockets.connect(self._stream_url, open_timeout=SILENCE_SECONDS) as socket:
                key, secret = self._keys
                login = {"key_id": key, "secret_key": secret}
                await socket.send(json.dumps({"action": "authenticate", "data": login}))
                answer = json.loads(await in_time(socket.recv(), SILENCE_SECONDS))
                if answer["data"]["status"] != "authorized":
                    raise VendorAway("alpaca refuses the keys on its socket")
                listen = {"action": "listen", "data": {"streams": ["trade_updates"]}}
                await socket.send(json.dumps(listen))
                async for message in socket:
                    told = json.loads(message)
                    if told["stream"] == "trade_updates":
                        yield told["data"]["order"]["client_order_id"]
        except (OSError, TimeoutError, websockets.WebSocketException) as error:
            raise VendorAway(f"alpaca's socket: {error!r}") from error
        raise VendorAway("alpaca closed its socket")

    async def close(self) -> None:
        self._rest.close()


def _asked(request: Request) -> dict[str, str]:
    """As Alpaca's REST takes it; auctions are times in force there, and a market order is done
    with the day.
    """
    type_, time_in_force = AUCTIONS.get(request.type, (request.type, request.time_in_force))
    if request.type == "market" and time_in_force == "gtc":
        time_in_force = "day"
    prices = {
        "limit_price": request.limit_price,
        "stop_price": request.stop_price,
        "trail_price": request.trail_amount,
    }
    return {
        "client_order_id": request.client_order_id,
        "symbol": _symbol(request.instrument),
        "side": request.side,
        "type": type_,
        "qty": _text(request.quantity),
        "time_in_force": time_in_force,
        **{name: _text(price) for name, price in prices.items() if price is not None},
    }


def _text(number: Decimal) -> str:
    return f"{number.normalize():f}"


def _report(order: Json) -> Report:
    return Report(
        client_order_id=order["client_order_id"],
        venue_order=order["id"],
        instrument=f"{MARKET}:{order['symbol']}",
        side=order["side"],
        status=STATUSES.get(order["status"], Status.WORKING),
        quantity=Decimal(order["qty"] or 0),
        filled=Decimal(order["filled_qty"] or 0),
    )


def _fill(activity: Json) -> VenueFill:
    return VenueFill(
        id=activity["id"],
        quantity=Decimal(activity["qty"]),
        price=Decimal(activity["price"]),
        at=datetime.fromisoformat(activity["transaction_time"]),
    )


def _symbol(instrument: str) -> str:
    return instrument.partition(":")[2]
