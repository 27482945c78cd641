"""What the tools of one turn may read, bound to the caller's desk: Redis and the history store, and
read only.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import msgspec
from redis.asyncio import Redis

from ai_pod.agents.chatbot.bars import BarSource
from ai_pod.contracts import keys
from ai_pod.contracts.agents import PhaseRecord
from ai_pod.contracts.desk import DeskSnapshot
from ai_pod.contracts.learning import LearningEvent, LearningProgressed
from ai_pod.contracts.live import Frame, FrameKind
from ai_pod.contracts.plan import Plan
from market import keys as market_keys
from market.clock import Clock
from market.words import Instrument, Tick, Word, split_instrument

LIVE_TAIL = 500
LEARNING_PAGE = 1000
LEARNING_PAGES = 5


class Caller(Word, frozen=True, kw_only=True):
    """On whose behalf the tools read, and in which zone this person tells times. It comes from the
    request, never from a model.
    """

    desk: str
    organisation: str
    pool: str
    pod: str
    zone: str = "UTC"


class SeenSignal(msgspec.Struct, frozen=True, kw_only=True):
    """A signal as its live frame carries it."""

    instrument: str
    weight_before: float
    weight_after: float
    price: float = 0.0
    score: float = 0.0
    base: float = 0.0
    contributions: dict[str, float] = {}
    reason: str = ""


class SeenDecision(msgspec.Struct, frozen=True, kw_only=True):
    """A decision with signals as its live frame carries it; `bar_end` is ISO in the frame."""

    desk: str
    bar_end: str
    weights: dict[str, float] = {}
    policy_version: str = ""
    signals: tuple[SeenSignal, ...] = ()
    synthetic: bool = False


@dataclass(frozen=True)
class Stores:
    """Where the tools read: Redis, the market's clock, and the history store's URL."""

    redis: Redis
    clock: Clock
    history: str = ""

    def of(self, caller: Caller) -> "Sources":
        """What one turn may read."""
        return Sources(self, caller)


class Sources:
    """Reads the desk and the instruments once a turn: its parts speak of one moment."""

    def __init__(self, stores: Stores, caller: Caller) -> None:
        self._redis = stores.redis
        self.clock = stores.clock
        self.caller = caller
        self.now = stores.clock.now()
        self.bars = BarSource(stores.redis, stores.history)
        self._desk: DeskSnapshot | None = None
        self._instruments: dict[str, Instrument] | None = None

    async def desk(self) -> DeskSnapshot | None:
        """The caller's desk; None when there is no snapshot, or it is another organisation's."""
        if self._desk is None:
            data = await self._redis.get(keys.desk(self.caller.desk))
            snapshot = msgspec.json.decode(data, type=DeskSnapshot) if data else None
            if snapshot is not None and snapshot.organisation == self.caller.organisation:
                self._desk = snapshot
        return self._desk

    async def plan(self) -> Plan | None:
        """The plan of the caller's pool."""
        data = await self._redis.get(keys.plan(self.caller.pool))
        return msgspec.json.decode(data, type=Plan) if data else None

    async def phase(self) -> PhaseRecord | None:
        """What the pod has really switched to."""
        data = await self._redis.get(keys.phase(self.caller.pod))
        return msgspec.json.decode(data, type=PhaseRecord) if data else None

    async def decisions(self) -> list[SeenDecision]:
        """The desk's last decisions that had signals, newest first."""
        if await self.desk() is None:
            return []
        entries = await self._tail(keys.live(self.caller.desk), "+", LIVE_TAIL)
        frames = (msgspec.json.decode(message, type=Frame) for _, message in entries)
        return [
            msgspec.convert(frame.data, SeenDecision)
            for frame in frames
            if frame.kind is FrameKind.SIGNAL
        ]

    async def learning(self) -> list[LearningEvent]:
        """Trials and verdicts of the desk's policy line, newest first."""
        desk = await self.desk()
        if desk is None:
            return []
        return [
            event
            async for event in self._learning_events()
            if event.policy_line == desk.policy_line and not isinstance(event, LearningProgressed)
        ]

    async def _learning_events(self) -> AsyncIterator[LearningEvent]:
        last = "+"
        for _ in range(LEARNING_PAGES):
            entries = await self._tail(keys.learning(), last, LEARNING_PAGE)
            for _, message in entries:
                yield msgspec.json.decode(message, type=LearningEvent)
            if len(entries) < LEARNING_PAGE:
                return
            last = f"({entries[-1][0]}"

    async def _tail(self, stream: str, last: str, count: int) -> list[tuple[str, bytes]]:
        """(entry id, message), newest first."""
        entries: Any = await self._redis.xrevrange(stream, max=last, count=count)
        return [(entry.decode(), fields[_FIELD]) for entry, fields in entries]

    async def instruments(self) -> dict[str, Instrument]:
        """What the feed serves, and what the desk trades or holds, by id."""
        if self._instruments is None:
            self._instruments = await self._known()
        return self._instruments

    async def _known(self) -> dict[str, Instrument]:
        stored = await self._redis.hgetall(market_keys.instruments())
        served = [msgspec.json.decode(data, type=Instrument) for data in stored.values()]
        known = {instrument.id: instrument for instrument in served}
        for instrument in await self.traded():
            venue, symbol = split_instrument(instrument)
            known.setdefault(instrument, Instrument(venue=venue, symbol=symbol))
        return known

    async def traded(self) -> tuple[str, ...]:
        """The instruments of the desk's policy line, `POOL/SYM+SYM/INTERVAL/PROFILE`, or held."""
        desk = await self.desk()
        if desk is None:
            return ()
        pool, _, rest = desk.policy_line.partition("/")
        symbols = rest.split("/")[0].split("+") if rest else []
        named = [symbol if ":" in symbol else f"{pool}:{symbol}" for symbol in symbols if symbol]
        return tuple(dict.fromkeys([*named, *(held.instrument for held in desk.positions)]))

    async def last_tick(self, instrument: str) -> Tick | None:
        data = await self._redis.hget(market_keys.last_prices(), instrument)
        return msgspec.json.decode(data, type=Tick) if data else None


_FIELD = keys.FIELD.encode()
