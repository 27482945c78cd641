"""Live desks on a venue of this machine, stepped by hand; and the same for paper, so that one test
body serves all.
"""

import itertools
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Protocol

import msgspec
from sqlalchemy import func, select

from backend.database import transaction
from backend.models import Desk, Fill, Order, Position
from backend.settings import Settings
from backend.state import State
from backend.trading import service
from backend.trading.brokers.ccxt import CcxtVenue
from backend.trading.brokers.choice import open_venue
from backend.trading.brokers.paper import Matcher
from backend.trading.brokers.port import Venue
from backend.trading.schemas import OrderRequest
from backend.trading.states import ENDED, OrderState
from backend.trading.venues.loop import VenueLoop
from backend.trading.words import OrderType, Side
from market import keys
from market.words import Instrument, Tick
from tests.support.build_desks import set_desks
from tests.support.build_trading import (
    AAPL,
    MINUTE,
    T0,
    Desks,
    bar,
    publish_bars,
    trading_desks,
)
from tests.support.venues.alpaca_server import KEY, SECRET, alpaca_server
from tests.support.venues.binance_server import SYMBOL, binance_server
from tests.support.venues.exchange import Exchange

D = Decimal
BITCOIN = "BINANCE:BTC-USDT"
CASH = D(100_000)
NO_FEE = D(0)
_names = itertools.count()


class Ticking:
    """Half a second passes with each look at the clock: nothing is waited for."""

    def __init__(self) -> None:
        self._seconds = 0.0

    def __call__(self) -> float:
        self._seconds += 0.5
        return self._seconds


@dataclass
class Rig:
    """A desk whose orders go somewhere; what is common to all brokers."""

    desks: Desks
    instrument: str = AAPL

    @property
    def state(self) -> State:
        return self.desks.state

    async def place(
        self, side: str, quantity: object, limit: object = None, client_id: str | None = None
    ) -> Order:
        body = OrderRequest(
            instrument=self.instrument,
            side=Side(side),
            quantity=D(str(quantity)),
            kind=OrderType.MARKET if limit is None else OrderType.LIMIT,
            limit_price=None if limit is None else D(str(limit)),
            client_order_id=client_id or f"test-{next(_names)}",
        )
        async with transaction(self.state.sessions) as session:
            return await service.place_order(session, self.state, self.desks.desk, body, None)

    async def cancel(self, order: Order) -> None:
        async with transaction(self.state.sessions) as session:
            await service.cancel_order(session, self.state, self.desks.desk, order.id)

    async def orders(self) -> list[Order]:
        async with transaction(self.state.sessions) as session:
            statement = select(Order).where(Order.desk_id == self.desks.desk).order_by(Order.id)
            return list(await session.scalars(statement))

    async def order(self, order: Order) -> Order:
        async with transaction(self.state.sessions) as session:
            return await session.get_one(Order, order.id)

    async def fills(self) -> list[Fill]:
        async with transaction(self.state.sessions) as session:
            statement = select(Fill).where(Fill.desk_id == self.desks.desk).order_by(Fill.id)
            return list(await session.scalars(statement))

    async def books(self) -> tuple[Decimal, Decimal]:
        """The desk's cash, and what it holds of the instrument."""
        async with transaction(self.state.sessions) as session:
            desk = await session.get_one(Desk, self.desks.desk)
            held = select(func.coalesce(func.sum(Position.quantity), 0)).where(
                Position.desk_id == desk.id, Position.instrument == self.instrument
            )
            return desk.cash, D((await session.scalars(held)).one())

    async def move(self, price: object) -> None:
        """The next price of the instrument."""
        raise NotImplementedError

    async def settle(self) -> None:
        """Until nothing more happens by itself."""
        raise NotImplementedError

    async def check(self) -> None:
        """Nothing is lost and nothing doubled: orders, fills, position and cash agree."""
        orders, fills = await self.orders(), await self.fills()
        for order in orders:
            mine = [one for one in fills if one.order_id == order.id and one.side == order.side]
            assert sum((one.quantity for one in mine), D(0)) == order.filled
            assert order.filled <= order.quantity
            assert (order.state == OrderState.FILLED) == (order.filled == order.quantity)
        cash, _ = await self.books()
        sign = {"buy": 1, "sell": -1}
        paid = sum((one.price * one.quantity * sign[one.side] + one.fee for one in fills), D(0))
        assert cash == CASH - paid


@dataclass
class PaperRig(Rig):
    _minutes: int = 0

    async def move(self, price: object) -> None:
        self._minutes += 1
        at = self.desks.hand.clock.now() + self._minutes * MINUTE
        await publish_bars(self.state.redis, bar(self.instrument, at, float(str(price)), spread=0))

    async def settle(self) -> None:
        await Matcher(self.state).step(block_ms=1)


@dataclass
class VenueRig(Rig):
    """`restart` is a new process on the same Postgres; `wrap` may stand before the venue."""

    exchange: Exchange = field(default_factory=Exchange)
    symbol: str = "AAPL"
    wrap: Callable[[Venue], Venue] = lambda venue: venue
    loop: VenueLoop | None = None

    async def restart(self) -> VenueLoop:
        if self.loop is not None:
            await self.loop.close()
        venue = open_venue(self.state.settings)
        assert venue is not None
        unhurried(venue)
        self.loop = VenueLoop(self.state, self.wrap(venue), Ticking())
        return self.loop

    async def move(self, price: object) -> None:
        self.exchange.move(self.symbol, D(str(price)))

    async def settle(self) -> None:
        loop = self.loop or await self.restart()
        before = None
        for _ in range(12):
            await loop.step()
            now = [(one.id, one.state, one.filled) for one in await self.orders()]
            unsent = any(state == OrderState.SUBMITTED for _, state, _ in now)
            if now == before and not unsent:
                return
            before = now
        raise AssertionError(f"it does not come to rest: {before}")

    async def check(self) -> None:
        """And the exchange says the same."""
        await super().check()
        cash, held = await self.books()
        assert self.exchange.held().get(self.symbol, D(0)) == held
        assert D(1_000_000) - self.exchange.cash == CASH - cash
        theirs = {one.client_id: one for one in self.exchange.orders.values()}
        assert len(theirs) == len(self.exchange.orders), "an order was sent twice"
        orders = {one.id: one for one in await self.orders() if one.venue_order_id}
        assert {name: one.filled for name, one in theirs.items()} == {
            name: one.filled for name, one in orders.items()
        }
        for name, one in theirs.items():
            assert one.working == (orders[name].state not in ENDED)
        bought = [one for one in await self.fills() if ":fee" not in (one.venue_fill_id or "")]
        assert len(bought) == len(self.exchange.executions)


def unhurried(venue: Venue) -> None:
    """ccxt keeps to a real exchange's rate limits by waiting; the server of this machine has none
    but those that it tells.
    """
    if isinstance(venue, CcxtVenue):
        venue._exchange.enableRateLimit = False


class MakeRig(Protocol):
    def __call__(self, settings: Settings) -> AbstractAsyncContextManager[Rig]: ...


@asynccontextmanager
async def paper_rig(settings: Settings) -> AsyncIterator[PaperRig]:
    async with trading_desks(settings) as desks:
        yield PaperRig(desks)


@asynccontextmanager
async def alpaca_rig(settings: Settings, **others: object) -> AsyncIterator[VenueRig]:
    exchange = Exchange(prices={"AAPL": D(100)})
    async with alpaca_server(exchange) as server:
        configured = settings.model_copy(
            update={
                "broker": "alpaca",
                "live": True,
                "alpaca_url": server.url,
                "alpaca_stream_url": server.stream_url,
                **keys_of("alpaca"),
                **others,
            }
        )
        async with live_rig(configured, exchange, AAPL, "AAPL") as rig:
            yield rig


@asynccontextmanager
async def live_rig(
    settings: Settings, exchange: Exchange, instrument: str, symbol: str
) -> AsyncIterator[VenueRig]:
    async with trading_desks(settings) as desks:
        await set_desks(
            desks.state, desks.desks, mode="live", cash=CASH, starting_cash=CASH,
            max_orders_per_minute=600,
        )  # fmt: skip
        rig = VenueRig(desks, instrument, exchange=exchange, symbol=symbol)
        try:
            yield rig
        finally:
            if rig.loop is not None:
                await rig.loop.close()


def keys_of(vendor: str) -> dict[str, object]:
    """The keys that the server takes, as settings."""
    values = {f"{vendor}_key": KEY, f"{vendor}_secret": SECRET}
    read = Settings.model_validate(values)
    return {name: getattr(read, name) for name in values}


@asynccontextmanager
async def ccxt_rig(
    settings: Settings, base_fee: Decimal = NO_FEE, **others: object
) -> AsyncIterator[VenueRig]:
    exchange = Exchange(prices={SYMBOL: D(100)}, unique_ids=False, base_fee=base_fee)
    async with binance_server(exchange) as server:
        configured = settings.model_copy(
            update={
                "broker": "ccxt:binance",
                "live": True,
                "ccxt_url": server.url,
                "ccxt_stream_url": server.stream_url,
                "venue_doubt_seconds": 1e-9,
                **keys_of("ccxt"),
                **others,
            }
        )
        async with live_rig(configured, exchange, BITCOIN, SYMBOL) as rig:
            await serve_more(rig.state)
            yield rig


async def serve_more(state: State) -> None:
    """The market serves a coin too."""
    venue, symbol = BITCOIN.split(":")
    coin = Instrument(venue=venue, symbol=symbol, quantity_decimals=5, calendar="24/7")
    tick = Tick(instrument=BITCOIN, at=T0, price=100.0, size=1.0)
    await state.redis.hset(keys.instruments(), BITCOIN, msgspec.json.encode(coin))
    await state.redis.hset(keys.last_prices(), BITCOIN, msgspec.json.encode(tick))


VENUE_RIGS = {"alpaca": alpaca_rig, "ccxt": ccxt_rig}
RIGS: dict[str, MakeRig] = {"paper": paper_rig, **VENUE_RIGS}
