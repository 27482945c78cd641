"""A demo desk as the chatbot sees it in Redis: snapshot, live frames, plan, verdict, prices."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import msgspec
from redis.asyncio import Redis

from ai_pod.contracts import keys
from ai_pod.contracts.desk import (
    DayView,
    DeskSnapshot,
    FillView,
    LimitsView,
    OrderView,
    PositionView,
)
from ai_pod.contracts.instructions import (
    PRODUCTION,
    Instructions,
    InstructionsClient,
    Serving,
)
from ai_pod.contracts.learning import Competitor, TrialFinished, VerdictReached
from ai_pod.contracts.live import Frame, FrameKind
from ai_pod.contracts.notes import Note
from ai_pod.contracts.plan import Phase, Plan, Segment
from ai_pod.contracts.signals import Decision, Signal
from market import keys as market_keys
from market.clock import Anchor, Clock
from market.words import Bar, BarsClosed, Instrument, Interval, Tick

NOW = datetime(2012, 10, 16, 15, 7, tzinfo=UTC)
DESK, ORGANISATION, POOL, POD = "desk-demo", "org-demo", "XNYS", "pod-1"
LINE = "XNYS/AAPL+FB+GOOG+IBM+MSFT/15m/balanced"

NAMES = {
    "AAPL": "Apple Inc.",
    "FB": "Facebook Inc.",
    "GOOG": "Google Inc.",
    "IBM": "International Business Machines",
    "MSFT": "Microsoft Corp.",
}
PRICES = {"AAPL": 645.27, "FB": 19.48, "GOOG": 744.7, "IBM": 210.95, "MSFT": 29.49}


def at(hour: int, minute: int = 0, day: int = 16) -> datetime:
    """An instant of October 2012, UTC."""
    return datetime(2012, 10, day, hour, minute, tzinfo=UTC)


def still_clock() -> Clock:
    """A clock that stands at NOW, at the demo's speed."""
    return Clock(Anchor(market=NOW, wall=0.0, speed=600.0), wall=lambda: 0.0)


def position(symbol: str, quantity: str, average: str, realised: str = "0") -> PositionView:
    price, size = Decimal(str(PRICES[symbol])), Decimal(quantity)
    return PositionView(
        instrument=f"XNYS:{symbol}",
        quantity=size,
        average_price=Decimal(average),
        last_price=price,
        market_value=size * price,
        unrealised=size * (price - Decimal(average)),
        realised=Decimal(realised),
    )


def fill(number: int, what: str, quantity: str, price: str, when: datetime) -> FillView:
    """`what` is `buy IBM` or `sell IBM`."""
    side, symbol = what.split(" ")
    return FillView(
        id=f"fill-{number}",
        order=f"order-{number}",
        instrument=f"XNYS:{symbol}",
        side=side,
        quantity=Decimal(quantity),
        price=Decimal(price),
        fee=(Decimal(quantity) * Decimal(price) / 10_000).quantize(Decimal("0.0001")),
        at=when,
    )


def desk_snapshot(**changes: object) -> DeskSnapshot:
    """The demo desk: three positions, one open order, four fills."""
    positions = (
        position("AAPL", "31", "640.10", "120.50"),
        position("IBM", "120", "208.30"),
        position("MSFT", "400", "29.80", "-15.25"),
    )
    cash = Decimal("42815.37")
    order = OrderView(
        id="order-9",
        client_order_id="desk-demo:2012-10-16T15:00Z:GOOG",
        instrument="XNYS:GOOG",
        side="buy",
        quantity=Decimal(12),
        filled=Decimal(0),
        state="accepted",
        reason="",
        created_at=at(15, 0),
    )
    snapshot = DeskSnapshot(
        desk=DESK,
        organisation=ORGANISATION,
        name="Demo",
        currency="USD",
        mode="paper",
        automatic=True,
        equity=cash + sum((one.market_value for one in positions), Decimal(0)),
        cash=cash,
        fees=Decimal("17.42"),
        starting_cash=Decimal(100_000),
        positions=positions,
        open_orders=(order,),
        recent_fills=(
            fill(1, "buy MSFT", "400", "29.80", at(14, 15, 15)),
            fill(2, "buy AAPL", "45", "640.10", at(19, 45, 15)),
            fill(3, "sell AAPL", "14", "648.71", at(14, 1)),
            fill(4, "buy IBM", "120", "208.30", at(14, 46)),
        ),
        limits=LimitsView(
            max_order_value=Decimal(25_000),
            max_position_weight=0.35,
            max_gross_exposure=0.95,
            max_daily_loss=0.04,
            max_orders_per_minute=20,
            halted=False,
        ),
        policy_line=LINE,
        policy_version="rule:momentum@1",
        as_of=at(15, 1),
        day=DayView(
            opening=Decimal("99416.43"),
            marked_at=at(20, 0, 15),
            realised={"XNYS:AAPL": Decimal("120.54")},
            fees=Decimal("3.41"),
        ),
    )
    return msgspec.structs.replace(snapshot, **changes)


def signal(symbol: str, before: float, after: float, **contributions: float) -> Signal:
    base = 0.05
    return Signal(
        instrument=f"XNYS:{symbol}",
        weight_before=before,
        weight_after=after,
        price=PRICES[symbol],
        score=base + sum(contributions.values()),
        base=base,
        contributions=contributions,
        reason=f"{symbol} rises against the others over 26 bars",
    )


def decision(bar_end: datetime, *signals: Signal, organisation: str = ORGANISATION) -> Decision:
    return Decision(
        desk=DESK,
        organisation=organisation,
        pod=POD,
        bar_end=bar_end,
        interval=Interval.QUARTER,
        policy_line=LINE,
        policy_version="rule:momentum@1",
        lease_epoch=3,
        phase_epoch=2,
        weights={"XNYS:AAPL": 0.2, "XNYS:IBM": 0.25, "XNYS:MSFT": 0.12, "XNYS:GOOG": 0.09},
        prices={f"XNYS:{symbol}": price for symbol, price in PRICES.items()},
        signals=signals,
        published_wall=0.0,
        synthetic=True,
    )


def plan() -> Plan:
    """Three days of New York: 13:30 to 20:00 UTC, an override on the first evening."""
    close, opens = {day: at(20, 0, day) for day in range(15, 20)}, at(13, 30, 17)
    learning, trading = "market closed", "market session"
    segments = (
        Segment(phase=Phase.TRADING, starts=at(13, 30), ends=close[16], reason=trading),
        Segment(
            phase=Phase.PAUSED,
            starts=close[16],
            ends=at(21, 15),
            reason="override: disk exchange (olga)",
            override="override-7",
        ),
        Segment(phase=Phase.LEARNING, starts=at(21, 15), ends=opens, reason=learning),
        Segment(phase=Phase.TRADING, starts=opens, ends=close[17], reason=trading),
        Segment(phase=Phase.LEARNING, starts=close[17], ends=at(13, 30, 18), reason=learning),
        Segment(phase=Phase.TRADING, starts=at(13, 30, 18), ends=close[18], reason=trading),
        Segment(phase=Phase.LEARNING, starts=close[18], ends=at(13, 30, 19), reason=learning),
    )
    return Plan(pool=POOL, version=41, computed_at=at(13, 0), segments=segments)


def verdict() -> VerdictReached:
    rows = (
        Competitor(
            name="champion",
            policy="rule:momentum@1",
            sharpe=0.81,
            total_return=0.034,
            max_drawdown=0.021,
            turnover=2.4,
        ),
    )
    return VerdictReached(
        id="verdict-5",
        organisation=ORGANISATION,
        policy_line=LINE,
        night="2012-10-15",
        verdict="champion_kept",
        champion="rule:momentum@1",
        challenger="sha256:4be1",
        sentence="The challenger's Sharpe ratio is 0.17 lower than the champion's.",
        window_from=at(13, 30, 1),
        window_to=at(20, 0, 15),
        bars=286,
        seeds=4,
        trials=37,
        sharpe_difference=-0.17,
        interval_low=-0.52,
        interval_high=0.18,
        cost_bps=2.0,
        competitors=rows,
        checks={"after_costs": True},
        at=at(4, 12),
        synthetic=True,
    )


def trial(seed: int, sharpe: float) -> TrialFinished:
    return TrialFinished(
        id=f"trial-{seed}",
        organisation=ORGANISATION,
        policy_line=LINE,
        night="2012-10-15",
        seed=seed,
        algorithm="ppo",
        steps=50_000,
        cpu_seconds=11.5,
        sharpe=sharpe,
        policy=f"sha256:{seed:04d}",
        at=at(3, seed),
    )


def bar(interval: Interval, end: datetime, close: float, volume: float) -> Bar:
    """A bar of IBM that opens half below its close, and reaches one above and one below it."""
    return Bar(
        instrument="XNYS:IBM",
        interval=interval,
        start=end - interval.length,
        end=end,
        open=close - 0.5,
        high=close + 1,
        low=close - 1,
        close=close,
        volume=volume,
        synthetic=True,
    )


def bars() -> list[Bar]:
    """IBM's: a day each from 2012-09-24 to 2012-10-15 closing at 190, 193, 192, 195 … 213; six
    minutes of today around 210.
    """
    days = [
        bar(Interval.DAY, at(20, 0, 15) - timedelta(days=21 - n), close, 1_000.0 * (n + 1))
        for n, close in enumerate(190.0 + n + 2 * (n % 2) for n in range(22))
    ]
    closes = (210.0, 210.4, 209.8, 210.1, 210.6, 210.95)
    minutes = [bar(Interval.MINUTE, at(15, n + 1), close, 250.0) for n, close in enumerate(closes)]
    return days + minutes


async def write_demo(redis: Redis) -> None:
    """Everything that a chat turn of the demo desk may read."""
    await write_desk(redis, desk_snapshot())
    async with redis.pipeline(transaction=False) as pipe:
        for one in bars():
            closed = BarsClosed(interval=one.interval, end=one.end, bars=(one,))
            entry = {market_keys.FIELD: msgspec.json.encode(closed)}
            pipe.xadd(market_keys.bars(one.interval), entry)
        await pipe.execute()
    await redis.set(keys.plan(POOL), msgspec.json.encode(plan()))
    for symbol, name in NAMES.items():
        instrument = Instrument(venue="XNYS", symbol=symbol, name=name, synthetic=True)
        tick = Tick(
            instrument=instrument.id, at=at(15, 6), price=PRICES[symbol], size=100, synthetic=True
        )
        await redis.hset(market_keys.instruments(), instrument.id, msgspec.json.encode(instrument))
        await redis.hset(market_keys.last_prices(), instrument.id, msgspec.json.encode(tick))
    await write_decision(redis, decision(at(14, 0), signal("AAPL", 0.3, 0.2, momentum=-0.11)))
    await write_decision(
        redis,
        decision(
            at(14, 45), signal("IBM", 0.0, 0.25, momentum=0.31, volatility=-0.0825, trend=0.014)
        ),
    )
    await write_decision(
        redis,
        decision(
            at(15, 0),
            signal("GOOG", 0.0, 0.09, momentum=0.07, trend=0.021),
            signal("MSFT", 0.15, 0.12, momentum=-0.024),
        ),
    )
    for event in (trial(1, 0.44), trial(2, 0.64), trial(3, -0.2), verdict()):
        await redis.xadd(keys.learning(), {keys.FIELD: msgspec.json.encode(event)})


async def instruct(redis: Redis, text: str, *, revision: int = 1, version: int = 1) -> None:
    """Let the text answer everybody, as version `version`."""
    made = Instructions(version=version, text=text, created_by="olga", created_at=NOW)
    client = InstructionsClient(redis)
    await client.put([made])
    await client.publish(Serving(revision=revision, labels={PRODUCTION: version}))


async def write_desk(redis: Redis, snapshot: DeskSnapshot) -> None:
    await redis.set(keys.desk(snapshot.desk), msgspec.json.encode(snapshot))


async def write_decision(redis: Redis, made: Decision) -> None:
    frame = Frame(
        kind=FrameKind.SIGNAL,
        data=msgspec.to_builtins(made),
        ts_source=made.bar_end,
        ts_sent=0.0,
        desk=made.desk,
    )
    await redis.xadd(keys.live(made.desk), {keys.FIELD: msgspec.json.encode(frame)})


async def write_note(redis: Redis, organisation: str, note: Note) -> None:
    """As the back end lays it out."""
    await redis.hset(keys.notes(organisation), note.id, msgspec.json.encode(note))
    await redis.hset(keys.note_revisions(organisation), note.id, note.revision)
