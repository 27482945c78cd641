"""A server that speaks Alpaca's trading API v2, its `trade_updates` socket, its market data API and
its data socket, as far as the vendor documents what the adapters use.
"""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from aiohttp import web

from tests.support.venues.exchange import Exchange, Executed, Fault, Placed, Refused, Trade
from tests.support.venues.sockets import Listeners

KEY, SECRET = "test-key", "test-secret"
PAGE = 3
"""Pages are short, so that there are some."""


@dataclass
class AlpacaServer:
    """`url` is the REST address, the sockets lie at `stream_url` and `data_stream_url`."""

    exchange: Exchange = field(default_factory=Exchange)
    url: str = ""

    def __post_init__(self) -> None:
        self.updates, self.trades = Listeners(self.exchange), Listeners(self.exchange)
        self.exchange.on_order = self._tell_order
        self.exchange.on_trade = lambda trade: self.trades.tell([_tick(trade) | {"T": "t"}])

    @property
    def stream_url(self) -> str:
        return self.url.replace("http", "ws") + "/stream"

    @property
    def data_stream_url(self) -> str:
        return self.url.replace("http", "ws") + "/v2/iex"

    def _tell_order(self, order: Placed, event: str, executed: Executed | None) -> None:
        data: dict[str, Any] = {"event": event, "order": _order(order)}
        if executed is not None:
            data |= {"execution_id": f"e-{executed.id}", "price": str(executed.price)}
        self.updates.tell({"stream": "trade_updates", "data": data})

    def app(self) -> web.Application:
        app = web.Application(middlewares=[self._edge])
        app.add_routes(
            [
                web.post("/v2/orders", self._post_order),
                web.get("/v2/orders", self._open_orders),
                web.get("/v2/orders:by_client_order_id", self._by_client),
                web.delete("/v2/orders/{id}", self._cancel),
                web.get("/v2/account", self._account),
                web.get("/v2/positions", self._positions),
                web.get("/v2/account/activities/FILL", self._activities),
                web.get("/v2/stocks/trades", self._stock_trades),
                web.get("/v2/stocks/bars", self._stock_bars),
                web.get("/stream", self._stream),
                web.get("/v2/iex", self._data_stream),
            ]
        )
        return app

    @web.middleware
    async def _edge(self, request: web.Request, handler: Any) -> web.StreamResponse:
        """Keys, the rate limit, and requests that never arrive."""
        socket = request.path in ("/stream", "/v2/iex")
        if not socket and request.headers.get("APCA-API-SECRET-KEY") != SECRET:
            return web.json_response({"code": 40110000, "message": "not authorized"}, status=401)
        self.exchange.requests[request.path] += 1
        if not socket and self.exchange.fails(Fault.SLOW_DOWN):
            headers = {"Retry-After": "0"}
            body = {"code": 42910000, "message": "rate limit exceeded"}
            return web.json_response(body, status=429, headers=headers)
        try:
            answer: web.StreamResponse = await handler(request)
        except Refused as error:
            return web.json_response({"code": 40010001, "message": str(error)}, status=422)
        return answer

    async def _post_order(self, request: web.Request) -> web.Response:
        body = await request.json()
        if self.exchange.fails(Fault.LOSE_REQUEST):
            return hang_up(request)
        limit = Decimal(body["limit_price"]) if "limit_price" in body else None
        order = self.exchange.place(
            body["client_order_id"],
            body["symbol"],
            body["side"],
            body["type"],
            Decimal(body["qty"]),
            limit,
        )
        if self.exchange.fails(Fault.LOSE_RESPONSE):
            return hang_up(request)
        return web.json_response(_order(order))

    async def _open_orders(self, _request: web.Request) -> web.Response:
        orders = self.exchange.orders.values()
        return web.json_response([_order(one) for one in orders if one.working])

    async def _by_client(self, request: web.Request) -> web.Response:
        order = self.exchange.by_client(request.query["client_order_id"])
        if order is None or self.exchange.fails(Fault.UNKNOWN_ORDER):
            return web.json_response({"code": 40410000, "message": "not found"}, status=404)
        return web.json_response(_order(order))

    async def _cancel(self, request: web.Request) -> web.Response:
        order = self.exchange.orders.get(request.match_info["id"])
        if order is None:
            return web.json_response({"code": 40410000, "message": "not found"}, status=404)
        self.exchange.cancel(order)
        return web.Response(status=204)

    async def _account(self, _request: web.Request) -> web.Response:
        return web.json_response({"id": "account", "cash": str(self.exchange.cash)})

    async def _positions(self, _request: web.Request) -> web.Response:
        held = self.exchange.held().items()
        return web.json_response([{"symbol": name, "qty": str(units)} for name, units in held])

    async def _activities(self, request: web.Request) -> web.Response:
        size = int(request.query["page_size"])
        rows = [_activity(one) for one in self.exchange.executions]
        ids = [row["id"] for row in rows]
        first = ids.index(request.query["page_token"]) + 1 if "page_token" in request.query else 0
        return web.json_response(rows[first : first + size])

    async def _stock_trades(self, request: web.Request) -> web.Response:
        start, end = (datetime.fromisoformat(request.query[name]) for name in ("start", "end"))
        symbols = request.query["symbols"].split(",")
        rows = [
            one for one in self.exchange.tape if one.symbol in symbols and start <= one.at <= end
        ]
        first = int(request.query.get("page_token", 0))
        page: dict[str, list[Any]] = {}
        for trade in rows[first : first + PAGE]:
            page.setdefault(trade.symbol, []).append(_tick(trade))
        token = str(first + PAGE) if len(rows) > first + PAGE else None
        return web.json_response({"trades": page, "next_page_token": token})

    async def _stock_bars(self, request: web.Request) -> web.Response:
        start, end = (datetime.fromisoformat(request.query[name]) for name in ("start", "end"))
        bars: dict[str, list[Any]] = {}
        for symbol in request.query["symbols"].split(","):
            mine = [one for one in self.exchange.tape if one.symbol == symbol]
            bars[symbol] = minute_rows([one for one in mine if start <= one.at <= end])
        return web.json_response({"bars": bars, "next_page_token": None})

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        socket = await opened(request)
        login = (await socket.receive_json())["data"]
        status = "authorized" if login["secret_key"] == SECRET else "unauthorized"
        data = {"status": status, "action": "authenticate"}
        await socket.send_json({"stream": "authorization", "data": data})
        await socket.receive_json()
        data_listening = {"streams": ["trade_updates"]}
        await socket.send_json({"stream": "listening", "data": data_listening})
        await self.updates.serve(socket)
        return socket

    async def _data_stream(self, request: web.Request) -> web.StreamResponse:
        socket = await opened(request)
        await socket.send_json([{"T": "success", "msg": "connected"}])
        login = await socket.receive_json()
        if login["secret"] != SECRET:
            await socket.send_json([{"T": "error", "code": 402, "msg": "auth failed"}])
            await socket.close()
            return socket
        await socket.send_json([{"T": "success", "msg": "authenticated"}])
        asked = await socket.receive_json()
        await socket.send_json([{"T": "subscription", "trades": asked["trades"]}])
        await self.trades.serve(socket)
        return socket


@contextlib.asynccontextmanager
async def alpaca_server(exchange: Exchange | None = None) -> AsyncIterator[AlpacaServer]:
    """The server, on a free port, until the block ends."""
    server = AlpacaServer(exchange or Exchange())
    async with served(server.app(), server.updates, server.trades) as server.url:
        yield server


@contextlib.asynccontextmanager
async def served(app: web.Application, *listeners: Listeners) -> AsyncIterator[str]:
    """An application on a free port; its address."""
    runner = web.AppRunner(app, shutdown_timeout=1.0)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port: int = runner.addresses[0][1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        for one in listeners:
            one.end()
        await runner.cleanup()


def minute_rows(trades: list[Trade]) -> list[dict[str, Any]]:
    """Bars of the minutes in which there was a trade."""
    minutes: dict[datetime, list[Trade]] = {}
    for trade in trades:
        minutes.setdefault(trade.at.replace(second=0, microsecond=0), []).append(trade)
    return [
        {
            "t": _time(start),
            "o": float(its[0].price),
            "h": float(max(one.price for one in its)),
            "l": float(min(one.price for one in its)),
            "c": float(its[-1].price),
            "v": float(sum(one.size for one in its)),
        }
        for start, its in sorted(minutes.items())
    ]


async def opened(request: web.Request) -> web.WebSocketResponse:
    socket = web.WebSocketResponse()
    await socket.prepare(request)
    return socket


def hang_up(request: web.Request) -> web.Response:
    """The connection ends, without an answer."""
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


def _order(order: Placed) -> dict[str, Any]:
    return {
        "id": order.id,
        "client_order_id": order.client_id,
        "symbol": order.symbol,
        "side": order.side,
        "type": order.type,
        "qty": str(order.quantity),
        "limit_price": None if order.limit is None else str(order.limit),
        "filled_qty": str(order.filled),
        "status": order.status,
        "time_in_force": "day",
    }


def _activity(executed: Executed) -> dict[str, Any]:
    stamp = executed.at.strftime("%Y%m%d%H%M%S%f")[:17]
    return {
        "id": f"{stamp}::{executed.id:08d}",
        "activity_type": "FILL",
        "order_id": executed.order.id,
        "symbol": executed.order.symbol,
        "side": executed.order.side,
        "qty": str(executed.quantity),
        "price": str(executed.price),
        "transaction_time": _time(executed.at),
    }


def _tick(trade: Trade) -> dict[str, Any]:
    return {
        "S": trade.symbol,
        "i": trade.id,
        "x": "V",
        "p": float(trade.price),
        "s": float(trade.size),
        "t": _time(trade.at),
        "c": ["@"],
        "z": "C",
    }


def _time(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
