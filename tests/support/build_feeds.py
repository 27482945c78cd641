"""Feeds with a vendor of this machine behind them, and a recording, so that one test body serves
all.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, aclosing, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Protocol

import numpy as np

from market.calendars import to_ns
from market.clock import Clock
from market.feed.alpaca import AlpacaSource
from market.feed.ccxt import CcxtSource
from market.feed.live import LiveFeed
from market.feed.port import Batch, Feed
from market.feed.recordings import traded
from market.feed.replay import Replay
from market.feed.source import Source
from market.series import Ticks
from market.settings import Settings
from market.words import Tick
from tests.support.build_market import instrument
from tests.support.venues.alpaca_server import KEY, SECRET, alpaca_server
from tests.support.venues.binance_server import SYMBOL, binance_server
from tests.support.venues.exchange import Exchange, Trade
from tests.support.venues.sockets import Listeners

HOLD_SECONDS = 0.2


@dataclass
class FeedRig:
    """A feed and what was really traded; `trade` is only for live ones."""

    feed: Feed
    exchange: Exchange
    symbol: str
    listeners: Listeners | None = None
    told: list[Tick] = field(default_factory=list)
    batches: list[Batch] = field(default_factory=list)

    def trade(self, price: float) -> None:
        self.exchange.move(self.symbol, Decimal(str(price)))

    async def listen(self, since: datetime, until_told: int) -> None:
        """Until so many trades are told and nothing is missing."""
        async with asyncio.timeout(20), aclosing(self.feed.batches(since)) as batches:
            async for batch in batches:
                self.batches.append(batch)
                self.told += batch.ticks
                if len(self.told) >= until_told:
                    return

    def check(self, real: Sequence[Trade] | None = None) -> None:
        """Every trade once, in order, none before its time, and time never goes back."""
        tape = self.exchange.tape if real is None else real
        assert [(one.price, one.size) for one in self.told] == [
            (float(one.price), float(one.size)) for one in tape
        ]
        assert [one.at for one in self.told] == sorted(one.at for one in self.told)
        untils = [one.until for one in self.batches]
        assert untils == sorted(untils)
        for batch in self.batches:
            assert all(tick.at < batch.until for tick in batch.ticks)


class MakeFeedRig(Protocol):
    def __call__(self) -> AbstractAsyncContextManager[FeedRig]: ...


def past_trades(symbol: str, count: int = 5) -> Exchange:
    """An exchange that has a tape of the last two minutes already."""
    exchange, now = Exchange(), datetime.now(UTC)
    for number in range(count):
        at = now - timedelta(seconds=120 - 20 * number)
        exchange.now = lambda at=at: at.replace(microsecond=1_000)  # type: ignore[misc]
        exchange.move(symbol, Decimal(100 + number))
    exchange.now = lambda: datetime.now(UTC)
    return exchange


@asynccontextmanager
async def replay_rig() -> AsyncIterator[FeedRig]:
    exchange = past_trades("X")
    at = np.array([to_ns(one.at) for one in exchange.tape])
    price = np.array([float(one.price) for one in exchange.tape])
    ticks = Ticks(at, price, np.ones(len(at)))
    recording = traded("replay:test", instrument("X", calendar="24/7"), ticks)
    yield FeedRig(Replay(recording, Clock.parse("wall")), exchange, "X")


@asynccontextmanager
async def alpaca_feed() -> AsyncIterator[FeedRig]:
    exchange = past_trades("AAPL")
    async with alpaca_server(exchange) as server:
        settings = Settings.model_validate(
            {
                "alpaca_key": KEY,
                "alpaca_secret": SECRET,
                "alpaca_data_url": server.url,
                "alpaca_data_stream_url": server.data_stream_url,
            }
        )
        source = AlpacaSource(["AAPL"], settings)
        yield FeedRig(_live(source), exchange, "AAPL", server.trades)
        await source.close()


@asynccontextmanager
async def ccxt_feed() -> AsyncIterator[FeedRig]:
    exchange = past_trades(SYMBOL)
    async with binance_server(exchange) as server:
        settings = Settings.model_validate(
            {"ccxt_url": server.url, "ccxt_stream_url": server.stream_url}
        )
        source = CcxtSource("ccxt:binance", ["BTC/USDT"], settings)
        yield FeedRig(_live(source), exchange, SYMBOL, server.trades)
        await source.close()


def _live(source: Source) -> LiveFeed:
    return LiveFeed(source, Clock.parse("wall"), HOLD_SECONDS)


LIVE_FEEDS: dict[str, MakeFeedRig] = {"alpaca": alpaca_feed, "ccxt": ccxt_feed}
FEEDS: dict[str, MakeFeedRig] = {"replay": replay_rig, **LIVE_FEEDS}
