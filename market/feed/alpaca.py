"""Alpaca's market data: trades over its socket, what was missed over REST by `alpaca-py`.

The socket is spoken to directly: the package's stream class reconnects by itself without saying so,
and what was traded meanwhile would be missing unseen.
"""

import json
from collections.abc import AsyncGenerator, Sequence
from datetime import datetime
from typing import Any

import websockets
from alpaca.data.historical.stock import StockHistoricalDataClient

from market.alpaca_rest import AlpacaRest
from market.calendars import from_ns, to_ns
from market.errors import VendorAway, VendorRefused
from market.feed.source import Print, as_prints
from market.tasks import in_time
from market.vendors import VendorSettings
from market.words import Instrument

ANSWER_SECONDS = 10.0
PING_SECONDS = 5.0
"""A socket that does not answer a ping for so long is dead."""

PAGE = 10_000
STREAM = "wss://stream.data.alpaca.markets/v2/"


class AlpacaSource:
    """US stocks, on the tape that the account's plan allows."""

    name = "alpaca"

    def __init__(self, symbols: Sequence[str], settings: VendorSettings) -> None:
        self._keys = settings.alpaca_keys()
        self._plan = settings.alpaca_data_plan
        self._stream_url = settings.alpaca_data_stream_url or STREAM + self._plan
        client = StockHistoricalDataClient(
            *self._keys, raw_data=True, url_override=settings.alpaca_data_url or None
        )
        self._rest = AlpacaRest(client)
        self.instruments = tuple(
            Instrument(venue="XNYS", symbol=symbol, source=f"Alpaca, {self._plan}")
            for symbol in symbols
        )

    async def stream(self) -> AsyncGenerator[list[Print], None]:
        try:
            async with websockets.connect(
                self._stream_url,
                open_timeout=ANSWER_SECONDS,
                ping_interval=PING_SECONDS,
                ping_timeout=PING_SECONDS,
            ) as socket:
                await self._subscribe(socket)
                yield []
                async for message in socket:
                    yield [_live(one) for one in json.loads(message) if one.get("T") == "t"]
        except (OSError, TimeoutError, websockets.WebSocketException) as error:
            raise VendorAway(f"alpaca's data socket: {error!r}") from error
        raise VendorAway("alpaca closed its data socket")

    async def trades(self, start: int, end: int) -> list[Print]:
        found: list[Print] = []
        for page in [page async for page in self._pages("/stocks/trades", start, end, {})]:
            for symbol, trades in (page["trades"] or {}).items():
                found += [_print(symbol, one) for one in trades]
        return [one for one in found if start <= one.at < end]

    async def minutes(self, start: int, end: int) -> list[Print]:
        found: list[Print] = []
        asked = {"timeframe": "1Min"}
        for page in [page async for page in self._pages("/stocks/bars", start, end, asked)]:
            for symbol, bars in (page["bars"] or {}).items():
                for bar in bars:
                    values = [float(bar[name]) for name in "ohlcv"]
                    found += as_prints(f"XNYS:{symbol}", _ns(bar["t"]), values)
        return [one for one in found if start <= one.at < end]

    async def close(self) -> None:
        self._rest.close()

    async def _subscribe(self, socket: websockets.ClientConnection) -> None:
        key, secret = self._keys
        symbols = [one.symbol for one in self.instruments]
        await _expect(socket, "connected")
        await socket.send(json.dumps({"action": "auth", "key": key, "secret": secret}))
        await _expect(socket, "authenticated")
        await socket.send(json.dumps({"action": "subscribe", "trades": symbols}))

    async def _pages(
        self, path: str, start: int, end: int, more: dict[str, str]
    ) -> AsyncGenerator[dict[str, Any], None]:
        if start >= end:
            return
        asked: dict[str, Any] = {
            "symbols": ",".join(one.symbol for one in self.instruments),
            "start": from_ns(start).isoformat().replace("+00:00", "Z"),
            "end": from_ns(end).isoformat().replace("+00:00", "Z"),
            "limit": PAGE,
            "feed": self._plan,
            **more,
        }
        while True:
            try:
                page = await self._rest.get(path, asked)
            except VendorRefused as error:
                raise VendorAway(f"alpaca refuses {path}: {error}", 5.0) from error
            yield page
            if not page.get("next_page_token"):
                return
            asked["page_token"] = page["next_page_token"]


async def _expect(socket: websockets.ClientConnection, told: str) -> None:
    message = json.loads(await in_time(socket.recv(), ANSWER_SECONDS))[0]
    if message.get("msg") != told:
        raise VendorAway(f"alpaca's data socket says {message.get('msg')!r}", 5.0)


def _live(trade: dict[str, Any]) -> Print:
    return _print(trade["S"], trade)


def _print(symbol: str, trade: dict[str, Any]) -> Print:
    """Its id is unique by exchange and day: the time belongs to it."""
    key = f"{trade['x']}-{trade['i']}-{trade['t']}"
    return Print(f"XNYS:{symbol}", _ns(trade["t"]), float(trade["p"]), float(trade["s"]), key)


def _ns(text: str) -> int:
    """RFC 3339 with up to nine decimals."""
    whole, _, rest = text.rstrip("Z").partition(".")
    return to_ns(datetime.fromisoformat(whole + "+00:00")) + int(rest.ljust(9, "0")[:9] or 0)
