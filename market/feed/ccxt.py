"""Crypto exchanges' trades by `ccxt`: its pro sockets, and REST for what was missed."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Mapping, Sequence
from contextlib import suppress
from typing import Any

import ccxt

from market.errors import FeedError, VendorAway, VendorRefused
from market.exchanges import CALENDAR, ask, exchange_of, instrument_of, open_exchange, venue_of
from market.feed.source import Print, as_prints
from market.vendors import VendorSettings
from market.words import Instrument

SUBSCRIBED_SECONDS = 1.0
LOOK_SECONDS = 0.1
PAGE = 1_000
MS = 1_000_000
NUMBERED = frozenset({"binance"})
"""Exchanges whose ids count an instrument's trades up by one."""


class CcxtSource:
    """Spot markets of one exchange."""

    def __init__(self, name: str, symbols: Sequence[str], settings: VendorSettings) -> None:
        self.name = name
        self._id = exchange_of(name)
        self._numbered = self._id in NUMBERED
        self._symbols = list(symbols)
        self._settings = settings
        self._exchange = self._open()
        self.instruments = tuple(self._instrument(symbol) for symbol in symbols)

    async def stream(self) -> AsyncGenerator[list[Print], None]:
        watching: asyncio.Task[Any] | None = None
        try:
            await self._ask(self._exchange.load_markets())
            watching = self._watch()
            # ccxt does not say when it has subscribed, only what is traded then.
            await asyncio.wait({watching}, timeout=SUBSCRIBED_SECONDS)
            told: dict[str, set[str]] = {}
            while True:
                if watching.done():
                    await self._ask(watching)
                    watching = self._watch()
                yield [self._print(one) for one in self._fresh(told)]
                await asyncio.wait({watching}, timeout=LOOK_SECONDS)
        finally:
            if watching is not None:
                watching.cancel()
                with suppress(asyncio.CancelledError, ccxt.BaseError):
                    await watching

    async def trades(self, start: int, end: int) -> list[Print]:
        found: list[Print] = []
        for symbol in self._symbols if start < end else ():
            found += await self._trades(symbol, start, end)
        return [one for one in found if start <= one.at < end]

    async def minutes(self, start: int, end: int) -> list[Print]:
        found: list[Print] = []
        for symbol in self._symbols:
            since = start // MS
            while since < end // MS:
                asked = self._exchange.fetch_ohlcv(symbol, "1m", since, PAGE)
                rows = [row for row in await self._ask(asked) if row[0] >= since]
                for row in rows:
                    found += as_prints(instrument_of(self._id, symbol), row[0] * MS, row[1:6])
                if not rows:
                    break
                since = rows[-1][0] + 60_000
        return [one for one in found if start <= one.at < end]

    async def close(self) -> None:
        await self._exchange.close()
        self._exchange = self._open()

    async def _ask(self, answer: Awaitable[Any]) -> Any:
        try:
            return await ask(self._exchange, answer)
        except VendorRefused as error:
            raise VendorAway(f"{self._id} refuses: {error}", 5.0) from error

    def _open(self) -> Any:
        exchange = open_exchange(self._id, self._settings, keys=False)
        if not exchange.has.get("watchTradesForSymbols"):
            raise FeedError(f"ccxt cannot watch the trades of several symbols at {self._id}")
        return exchange

    def _fresh(self, told: dict[str, set[str]]) -> list[Mapping[str, Any]]:
        """What ccxt has received since the last look: of a burst, its future tells the first only.

        `told` holds the ids of each symbol's last look.
        """
        fresh: list[Mapping[str, Any]] = []
        for symbol in self._symbols:
            trades = list(self._exchange.trades.get(symbol, ()))
            fresh += [one for one in trades if one["id"] not in told.get(symbol, ())]
            told[symbol] = {one["id"] for one in trades}
        return fresh

    def _watch(self) -> asyncio.Task[Any]:
        return asyncio.ensure_future(self._exchange.watch_trades_for_symbols(self._symbols))

    async def _trades(self, symbol: str, start: int, end: int) -> list[Print]:
        """Page after page: from the number after the last, or else from its time, where ids tell
        apart what comes twice.
        """
        found: dict[str, Print] = {}
        since, after = start // MS, dict[str, int]()
        while since < -(-end // MS):
            asked = self._exchange.fetch_trades(symbol, None if after else since, PAGE, after)
            rows = [self._print(one) for one in await self._ask(asked)]
            fresh = [one for one in rows if one.key not in found]
            if not fresh:
                break
            found |= {one.key: one for one in fresh}
            since = max(since, max(one.at for one in fresh) // MS)
            if self._numbered:
                after = {"fromId": max(one.number for one in fresh) + 1}
        return list(found.values())

    def _print(self, trade: Mapping[str, Any]) -> Print:
        return Print(
            instrument_of(self._id, trade["symbol"]),
            int(trade["timestamp"]) * MS,
            float(trade["price"]),
            float(trade["amount"]),
            str(trade["id"]),
            int(trade["id"]) if self._numbered else 0,
        )

    def _instrument(self, symbol: str) -> Instrument:
        return Instrument(
            venue=venue_of(self._id),
            symbol=symbol.replace("/", "-"),
            currency=symbol.rpartition("/")[2],
            calendar=CALENDAR,
            price_decimals=2,
            quantity_decimals=5,
            source=f"{self._id}, by ccxt",
        )
