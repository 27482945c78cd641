"""Instruments, bars and decisions for the tests of orders and books, and a clock moved by hand."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import msgspec
from redis.asyncio import Redis

from ai_pod.contracts import keys as pod_keys
from ai_pod.contracts.signals import Decision, Signal
from backend.database import transaction
from backend.models import Desk, Seat
from backend.settings import Settings
from backend.state import State, open_state
from backend.trading.brokers.paper import Matcher
from backend.trading.executor import DecisionConsumer
from market import keys
from market.clock import Anchor, Clock
from market.words import Bar, BarsClosed, Instrument, Interval, Tick
from tests.support.build_desks import make_desks, set_desks

T0 = datetime(2012, 10, 16, 14, 45, tzinfo=UTC)
"""A bar's end in the middle of a market session."""

AAPL, IBM = "XNYS:AAPL", "XNYS:IBM"
MINUTE = timedelta(minutes=1)


class HandClock:
    """Market time that stands still until it is moved."""

    def __init__(self, at: datetime = T0) -> None:
        self._seconds = 0.0
        self.clock = Clock(Anchor(market=at, wall=0.0, speed=1.0), wall=lambda: self._seconds)

    def forward(self, span: timedelta) -> None:
        self._seconds += span.total_seconds()


@dataclass
class Desks:
    """A state without loops, whose executor and broker are stepped by hand; one desk or several."""

    state: State
    hand: HandClock
    desks: list[str]

    @property
    def desk(self) -> str:
        return self.desks[0]

    async def decide(self, decision: Decision) -> str:
        """Publish a decision; its entry."""
        return await publish_decision(self.state.redis, decision)

    async def execute(self, consumer: DecisionConsumer | None = None) -> int:
        consumer = consumer or DecisionConsumer(self.state)
        done = 0
        while step := await consumer.step(block_ms=1):
            done += step
        return done or await consumer.step(block_ms=1)

    async def fill(self) -> int:
        return await Matcher(self.state).step(block_ms=1)

    async def read(self, desk: str | None = None) -> Desk:
        async with transaction(self.state.sessions) as session:
            return await session.get_one(Desk, desk or self.desk)


@asynccontextmanager
async def trading_desks(
    settings: Settings, names: Sequence[str] = ("ann",)
) -> AsyncIterator[Desks]:
    """Seated automatic desks with wide limits, in a market that serves two instruments."""
    hand = HandClock()
    async with open_state(settings) as opened:
        state = replace(opened, clock=hand.clock)
        await serve_instruments(state.redis)
        desks = await make_desks(state, list(names))
        await set_desks(state, desks, max_position_weight=1.0, max_order_value=1_000_000)
        for number, desk in enumerate(desks):
            await seat(state, desk, number=number, lease_epoch=number + 1)
        yield Desks(state, hand, desks)


def instrument(name: str, decimals: int = 2) -> Instrument:
    venue, symbol = name.split(":")
    return Instrument(venue=venue, symbol=symbol, price_decimals=decimals, synthetic=True)


INSTRUMENTS = {name: instrument(name) for name in (AAPL, IBM)}


async def serve_instruments(
    redis: Redis,
    prices: Mapping[str, float] | None = None,
    served: Mapping[str, Instrument] = INSTRUMENTS,
) -> None:
    """What the market's process would say it serves, with last prices."""
    for name, its in served.items():
        await redis.hset(keys.instruments(), name, msgspec.json.encode(its))
        price = (prices or {}).get(name, 100.0)
        tick = Tick(instrument=name, at=T0, price=price, size=1.0, synthetic=True)
        await redis.hset(keys.last_prices(), name, msgspec.json.encode(tick))


async def seat(
    state: State, desk: str, *, number: int = 0, lease_epoch: int = 1, pod: str = "pod-a"
) -> None:
    async with transaction(state.sessions) as session:
        row = await session.get_one(Desk, desk)
        session.add(
            Seat(
                pod=pod,
                seat=number,
                pool="XNYS",
                desk_id=desk,
                organisation_id=row.organisation_id,
                lease_epoch=lease_epoch,
                taken_at=datetime.now(UTC),
            )
        )


def bar(
    name: str,
    start: datetime,
    open_: float = 100.0,
    *,
    spread: float = 1.0,
    interval: Interval = Interval.MINUTE,
) -> Bar:
    return Bar(
        instrument=name,
        interval=interval,
        start=start,
        end=start + interval.length,
        open=open_,
        high=open_ + spread,
        low=open_ - spread,
        close=open_ + spread / 2,
        volume=1_000.0,
        synthetic=True,
    )


async def publish_bars(redis: Redis, *bars: Bar) -> None:
    """One entry per bar end, as the market writes them."""
    for end in sorted({one.end for one in bars}):
        its = tuple(one for one in bars if one.end == end)
        closed = BarsClosed(interval=its[0].interval, end=end, bars=its)
        entry = {keys.FIELD: msgspec.json.encode(closed)}
        await redis.xadd(keys.bars(its[0].interval), entry)  # type: ignore[arg-type]


def decision(
    desk: str,
    weights: Mapping[str, float],
    *,
    at: datetime = T0,
    price: float | Mapping[str, float] = 100.0,
    lease_epoch: int = 1,
) -> Decision:
    """A decision with one signal for each instrument."""
    prices = {name: price if isinstance(price, float) else price[name] for name in weights}
    signals = tuple(
        Signal(
            instrument=name,
            weight_before=0.0,
            weight_after=weight,
            price=prices[name],
            score=0.75,
            base=0.25,
            contributions={"momentum": 0.75, "volatility": -0.25},
            reason="momentum is up",
        )
        for name, weight in weights.items()
    )
    return Decision(
        desk=desk,
        organisation="org",
        pod="pod-a",
        bar_end=at,
        interval=Interval.QUARTER,
        policy_line="XNYS/AAPL+IBM/15m/balanced",
        policy_version="rule:momentum@1",
        lease_epoch=lease_epoch,
        phase_epoch=1,
        weights=dict(weights),
        prices=prices,
        signals=signals,
        published_wall=0.0,
        synthetic=True,
    )


async def publish_decision(redis: Redis, its: Decision) -> str:
    entry = await redis.xadd(pod_keys.decisions(), {pod_keys.FIELD: msgspec.json.encode(its)})
    assert isinstance(entry, bytes)
    return entry.decode()
