"""A server that speaks Binance's spot API v3, its user data stream over the WebSocket API and its
market streams, as far as the vendor documents what `ccxt` uses of them.
"""

import contextlib
import hashlib
import hmac
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from aiohttp import web

from tests.support.venues.alpaca_server import KEY, SECRET, hang_up, minute_rows, opened, served
from tests.support.venues.exchange import Exchange, Executed, Fault, Placed, Refused, Trade
from tests.support.venues.sockets import Listeners

BASE, QUOTE = "BTC", "USDT"
SYMBOL = BASE + QUOTE
STATUSES = {
    "new": "NEW",
    "partially_filled": "PARTIALLY_FILLED",
    "filled": "FILLED",
    "canceled": "CANCELED",
}
PAGE = 3


@dataclass
class BinanceServer:
    """`url` is the REST address, `stream_url` that of all sockets."""

    exchange: Exchange = field(default_factory=Exchange)
    url: str = ""

    def __post_init__(self) -> None:
        self.updates, self.trades = Listeners(self.exchange), Listeners(self.exchange)
        self.exchange.on_order = self._tell_order
        self.exchange.on_trade = lambda trade: self.trades.tell(_stream_trade(trade))

    @property
    def stream_url(self) -> str:
        return self.url.replace("http", "ws")

    def _tell_order(self, order: Placed, event: str, _executed: Executed | None) -> None:
        self.updates.tell({"subscriptionId": 0, "event": _report(order, event)})

    def app(self) -> web.Application:
        app = web.Application(middlewares=[self._edge])
        app.add_routes(
            [
                web.get("/api/v3/exchangeInfo", self._info),
                web.post("/api/v3/order", self._post_order),
                web.get("/api/v3/order", self._get_order),
                web.delete("/api/v3/order", self._cancel),
                web.get("/api/v3/openOrders", self._open_orders),
                web.get("/api/v3/myTrades", self._my_trades),
                web.get("/api/v3/account", self._account),
                web.get("/api/v3/aggTrades", self._agg_trades),
                web.get("/api/v3/klines", self._klines),
                web.get("/ws-api/v3", self._user_stream),
                web.get("/ws/{number}", self._market_stream),
            ]
        )
        return app

    @web.middleware
    async def _edge(self, request: web.Request, handler: Any) -> web.StreamResponse:
        """Signatures, the rate limit, and what is refused."""
        self.exchange.requests[request.path] += 1
        socket = request.path.startswith("/ws")
        if not socket and self.exchange.fails(Fault.SLOW_DOWN):
            return _error(429, -1003, "Too many requests.", {"Retry-After": "0"})
        text = request.query_string or await request.text()
        query, signed, signature = text.partition("&signature=")
        if signed and hmac.new(SECRET.encode(), query.encode(), hashlib.sha256).hexdigest() != (
            signature
        ):
            return _error(400, -1022, "Signature for this request is not valid.")
        try:
            answer: web.StreamResponse = await handler(request)
        except Refused as error:
            if "final state" in str(error):
                return _error(400, -2011, "Unknown order sent.")
            if "buying power" in str(error):
                return _error(400, -2010, "Account has insufficient balance.")
            return _error(400, -2010, "Duplicate order sent.")
        return answer

    async def _info(self, _request: web.Request) -> web.Response:
        filters = [
            {"filterType": "PRICE_FILTER", "minPrice": "0.01", "maxPrice": "1000000",
             "tickSize": "0.01"},
            {"filterType": "LOT_SIZE", "minQty": "0.00001", "maxQty": "9000",
             "stepSize": "0.00001"},
        ]  # fmt: skip
        market = {
            "symbol": SYMBOL,
            "status": "TRADING",
            "baseAsset": BASE,
            "quoteAsset": QUOTE,
            "baseAssetPrecision": 8,
            "quotePrecision": 8,
            "orderTypes": ["LIMIT", "MARKET"],
            "isSpotTradingAllowed": True,
            "permissions": ["SPOT"],
            "filters": filters,
        }
        return web.json_response({"timezone": "UTC", "symbols": [market]})

    async def _post_order(self, request: web.Request) -> web.Response:
        body = await request.post()
        if self.exchange.fails(Fault.LOSE_REQUEST):
            return hang_up(request)
        order = self.exchange.place(
            str(body["newClientOrderId"]),
            str(body["symbol"]),
            str(body["side"]).lower(),
            str(body["type"]).lower(),
            Decimal(str(body["quantity"])),
            Decimal(str(body["price"])) if "price" in body else None,
        )
        if self.exchange.fails(Fault.LOSE_RESPONSE):
            return hang_up(request)
        return web.json_response(_order(order))

    async def _get_order(self, request: web.Request) -> web.Response:
        order = self.exchange.by_client(request.query["origClientOrderId"])
        if order is None or self.exchange.fails(Fault.UNKNOWN_ORDER):
            return _error(400, -2013, "Order does not exist.")
        return web.json_response(_order(order))

    async def _cancel(self, request: web.Request) -> web.Response:
        order = self.exchange.orders.get(f"v-{request.query['orderId']}")
        if order is None:
            return _error(400, -2011, "Unknown order sent.")
        self.exchange.cancel(order)
        return web.json_response(_order(order))

    async def _open_orders(self, _request: web.Request) -> web.Response:
        orders = self.exchange.orders.values()
        return web.json_response([_order(one) for one in orders if one.working])

    async def _my_trades(self, request: web.Request) -> web.Response:
        asked = request.query.get("orderId")
        mine = [one for one in self.exchange.executions if _number(one.order) == int(asked or 0)]
        return web.json_response([self._execution(one) for one in mine])

    def _execution(self, one: Executed) -> dict[str, Any]:
        buys = one.order.side == "buy"
        kept = one.quantity * self.exchange.base_fee if buys else Decimal(0)
        return {
            "symbol": SYMBOL,
            "id": one.id,
            "orderId": _number(one.order),
            "price": str(one.price),
            "qty": str(one.quantity),
            "quoteQty": str(one.quantity * one.price),
            "commission": str(kept),
            "commissionAsset": BASE if buys else QUOTE,
            "time": _ms(one.at),
            "isBuyer": buys,
            "isMaker": False,
            "isBestMatch": True,
        }

    async def _account(self, _request: web.Request) -> web.Response:
        held = self.exchange.held().get(SYMBOL, Decimal(0))
        balances = [
            {"asset": QUOTE, "free": str(self.exchange.cash), "locked": "0"},
            {"asset": BASE, "free": str(held), "locked": "0"},
        ]
        return web.json_response({"accountType": "SPOT", "balances": balances})

    async def _agg_trades(self, request: web.Request) -> web.Response:
        query = request.query
        rows = self.exchange.tape
        if "fromId" in query:
            rows = [one for one in rows if one.id >= int(query["fromId"])]
        if "startTime" in query:
            rows = [one for one in rows if _ms(one.at) >= int(query["startTime"])]
        return web.json_response([_trade(one) for one in rows[:PAGE]])

    async def _klines(self, request: web.Request) -> web.Response:
        start = int(request.query.get("startTime", 0))
        end = int(request.query.get("endTime", 2**62))
        rows = minute_rows(self.exchange.tape)
        return web.json_response([row for row in map(_kline, rows) if start <= row[0] <= end])

    async def _user_stream(self, request: web.Request) -> web.StreamResponse:
        socket = await opened(request)
        asked = await socket.receive_json()
        if asked["params"]["apiKey"] != KEY:
            error = {"code": -2015, "msg": "Invalid API-key."}
            await socket.send_json({"id": asked["id"], "status": 401, "error": error})
            await socket.close()
            return socket
        done = {"id": asked["id"], "status": 200, "result": {"subscriptionId": 0}}
        await socket.send_json(done)
        await self.updates.serve(socket)
        return socket

    async def _market_stream(self, request: web.Request) -> web.StreamResponse:
        socket = await opened(request)
        asked = await socket.receive_json()
        await socket.send_json({"result": None, "id": asked["id"]})
        await self.trades.serve(socket)
        return socket


@contextlib.asynccontextmanager
async def binance_server(exchange: Exchange | None = None) -> AsyncIterator[BinanceServer]:
    """The server, on a free port, until the block ends."""
    server = BinanceServer(exchange or Exchange())
    async with served(server.app(), server.updates, server.trades) as server.url:
        yield server


def _order(order: Placed) -> dict[str, Any]:
    return {
        "symbol": order.symbol,
        "orderId": _number(order),
        "orderListId": -1,
        "clientOrderId": order.client_id,
        "price": str(order.limit or 0),
        "origQty": str(order.quantity),
        "executedQty": str(order.filled),
        "cummulativeQuoteQty": str(order.paid),
        "status": STATUSES[order.status],
        "timeInForce": "GTC",
        "type": order.type.upper(),
        "side": order.side.upper(),
        "time": 1,
    }


def _report(order: Placed, event: str) -> dict[str, Any]:
    return {
        "e": "executionReport",
        "E": _ms(datetime.now(UTC)),
        "s": order.symbol,
        "c": order.client_id,
        "S": order.side.upper(),
        "o": order.type.upper(),
        "f": "GTC",
        "q": str(order.quantity),
        "p": str(order.limit or 0),
        "x": "TRADE" if "fill" in event else event.upper(),
        "X": STATUSES[order.status],
        "i": _number(order),
        "z": str(order.filled),
        "Z": str(order.paid),
        "T": _ms(datetime.now(UTC)),
        "t": -1,
        "O": 1,
        "C": order.client_id if event == "canceled" else "",
    }


def _trade(trade: Trade) -> dict[str, Any]:
    return {
        "a": trade.id,
        "p": str(trade.price),
        "q": str(trade.size),
        "f": trade.id,
        "l": trade.id,
        "T": _ms(trade.at),
        "m": False,
        "M": True,
    }


def _stream_trade(trade: Trade) -> dict[str, Any]:
    return _trade(trade) | {"e": "aggTrade", "E": _ms(trade.at), "s": trade.symbol}


def _kline(row: dict[str, Any]) -> list[Any]:
    start = int(datetime.fromisoformat(row["t"]).timestamp() * 1_000)
    return [start, *(str(row[name]) for name in "ohlcv"), start + 59_999, "0", 1, "0", "0", "0"]


def _error(
    status: int, code: int, message: str, headers: dict[str, str] | None = None
) -> web.Response:
    return web.json_response({"code": code, "msg": message}, status=status, headers=headers)


def _number(order: Placed) -> int:
    return int(order.id.removeprefix("v-"))


def _ms(at: datetime) -> int:
    return int(at.timestamp() * 1_000)
