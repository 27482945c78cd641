"""Crypto exchanges as `ccxt` reaches them: one client for REST and sockets, and how its names and
ours belong together. Importing this takes seconds; only the adapters do.
"""

from collections.abc import Awaitable
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import ccxt.pro

from market.errors import MarketError, VendorAway, VendorRefused
from market.vendors import VendorSettings

REQUEST_MS = 2_500
RECEIVE_WINDOW_MS = 5_000
"""An exchange that knows such a window refuses a request that reaches it later than that."""

CALENDAR = "24/7"
REFUSALS = (ccxt.InvalidOrder, ccxt.InsufficientFunds, ccxt.BadRequest, ccxt.OperationRejected)
"""With these the request was read and not done; with any other nobody knows."""


class UnknownExchange(MarketError):
    """`ccxt` knows no such exchange, or not with sockets."""

    def __init__(self, name: str) -> None:
        super().__init__(f"ccxt knows no exchange {name!r} with sockets")


def exchange_of(configured: str) -> str:
    """`ccxt:binance` → `binance`."""
    return configured.partition(":")[2]


def venue_of(exchange: str) -> str:
    return exchange.upper()


def instrument_of(exchange: str, symbol: str) -> str:
    """ccxt's `BTC/USDT` at `binance` → `BINANCE:BTC-USDT`: ids of ours go into paths."""
    return f"{venue_of(exchange)}:{symbol.replace('/', '-')}"


def symbol_of(instrument: str) -> str:
    """`BINANCE:BTC-USDT` → `BTC/USDT`."""
    return instrument.partition(":")[2].replace("-", "/")


def open_exchange(name: str, settings: VendorSettings, *, keys: bool, sandbox: bool = False) -> Any:
    """ccxt's client of an exchange's spot market; close it. Raises UnknownExchange, MissingKeys."""
    its_keys = settings.ccxt_keys() if keys else {}
    if name not in ccxt.pro.exchanges:
        raise UnknownExchange(name)
    options = {
        "defaultType": "spot",
        "fetchMarkets": {"types": ["spot"]},
        "fetchMargins": False,
        "recvWindow": RECEIVE_WINDOW_MS,
        # Trades of the socket and of REST then carry the same ids.
        "watchTradesForSymbols": {"name": "aggTrade"},
        "warnOnFetchOpenOrdersWithoutSymbol": False,
    }
    client = getattr(ccxt.pro, name)({"timeout": REQUEST_MS, "options": options, **its_keys})
    client.has["fetchCurrencies"] = False
    if sandbox and not settings.ccxt_url:
        client.set_sandbox_mode(True)
    if settings.ccxt_url:
        rest, stream = settings.ccxt_url, settings.ccxt_stream_url
        client.urls["api"] = _moved(client.urls["api"], rest, stream)
    return client


async def ask(exchange: Any, answer: Awaitable[Any]) -> Any:
    """What the exchange answers. Raises VendorAway, VendorRefused (caused by ccxt's own error)."""
    try:
        return await answer
    except ccxt.DuplicateOrderId as error:
        raise VendorAway("the exchange has the order already") from error
    except REFUSALS as error:
        raise VendorRefused(str(error)[:200]) from error
    except (ccxt.RateLimitExceeded, ccxt.DDoSProtection) as error:
        after = (exchange.last_response_headers or {}).get("Retry-After", "1")
        pause = float(after) if after.isdigit() else 1.0
        raise VendorAway(f"{exchange.id} asks to slow down", pause) from error
    except ccxt.BaseError as error:
        raise VendorAway(f"{type(error).__name__}: {str(error)[:200]}") from error


def _moved(urls: Any, rest: str, stream: str) -> Any:
    """The same paths at other addresses."""
    if isinstance(urls, dict):
        return {name: _moved(value, rest, stream) for name, value in urls.items()}
    if not isinstance(urls, str):
        return urls
    parts = urlsplit(urls)
    there = urlsplit(stream if parts.scheme.startswith("ws") else rest)
    return urlunsplit((there.scheme, there.netloc, parts.path, parts.query, parts.fragment))
