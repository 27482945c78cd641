"""The paper broker: fills accepted orders against one-minute bars by the simulator's rule.

One back end runs it at a time; two at once do no harm: fills are made under the desk's lock from
what is open then, and one order has one fill a bar.
"""

import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import async_sessionmaker

from backend import quotes, streams
from backend.database import Sessions, transaction
from backend.leader import run_once
from backend.models import PLATFORM, BrokerCursor, Order
from backend.state import State
from backend.trading import repository
from backend.trading.announce import log, publish
from backend.trading.events import OrderAccepted
from backend.trading.filling import PAPER, book, expire, working
from backend.trading.ledger import Changes, Ledger
from backend.trading.matching import (
    COSTS,
    BarWindow,
    Outcome,
    awaits,
    looked_at,
    play,
    time_is_up,
)
from backend.trading.words import OrderType
from market import keys
from market.simulator.costs import CostModel
from market.words import Bar, BarsClosed, Instrument, Interval

LOOP = "paper-broker"
LOOK_BACK = 4_000
STEP_SECONDS = 3.0
BLOCK_MS = 200
ORDERS_AT_ONCE = 1_000


class Rested(NamedTuple):
    """An order did nothing in so many bars of its instrument, the last of which ended then."""

    bars: int
    until: datetime


Resting = dict[str, Rested]


class PaperBroker:
    """Holds every order until its bar is there."""

    name = PAPER

    def receive(self, order: Order, at: datetime) -> OrderAccepted:
        return OrderAccepted(order=order.id, at=at, venue_order=order.id)


async def run(state: State) -> None:
    """Fill orders for ever, while this back end holds the loop's lease."""
    matcher = Matcher(state)
    await run_once(state, LOOP, lambda _: matcher.run_for(STEP_SECONDS), period_seconds=0.05)


class Matcher:
    """Reads bars from its durable cursor on, with a window back, and fills what they reach."""

    def __init__(
        self,
        state: State,
        *,
        costs: CostModel = COSTS,
        look_back: int = LOOK_BACK,
        orders_at_once: int = ORDERS_AT_ONCE,
    ) -> None:
        self._state = state
        share = state.settings.paper_volume_share
        self._costs = replace(costs, volume_share=share) if share else costs
        self._orders_at_once = orders_at_once
        self._resting: Resting = {}
        self._look_back_entries = look_back
        self._window = BarWindow(LOOK_BACK)
        self._stream = keys.bars(Interval.MINUTE)
        self._position: str | None = None
        self._saved: str | None = None
        self._bar_end: datetime | None = None

    async def run_for(self, seconds: float) -> None:
        """Steps for so long (less than the lease holds), or until the service ends."""
        until = time.monotonic() + seconds
        while time.monotonic() < until and not self._state.tasks.stopping.is_set():
            await self.step()
        await self._save()

    async def step(self, block_ms: int = BLOCK_MS) -> int:
        """Take in the bars that are there, then fill; the number of fills."""
        if self._position is None:
            await self._look_back()
        assert self._position is not None
        positions = {self._stream: self._position}
        got = await streams.read(self._state.redis, positions, block_ms=block_ms)
        self._take(got.get(self._stream, []))
        return await self._fill_all()

    async def _look_back(self) -> None:
        """The window of bars that the stream still holds: an order may be younger than its bar.

        Where more than that has come since the cursor, reading goes on from the cursor.
        """
        count = self._look_back_entries
        entries = await streams.newest(self._state.redis, self._stream, count=count)
        async with transaction(self._state.sessions) as session:
            cursor = await session.get(BrokerCursor, LOOP)
        if cursor and entries and streams.place(cursor.entry) < streams.place(entries[0][0]):
            self._position = cursor.entry
            return
        self._position = streams.FIRST
        self._take(entries)

    def _take(self, entries: list[streams.Entry]) -> None:
        for entry, message in entries:
            closed = BarsClosed.decode(message)
            self._window.add(closed.bars)
            self._position, self._bar_end = entry, closed.end

    async def _fill_all(self) -> int:
        """Page after page of open orders, however many rest at limits that no bar has reached."""
        filled, after, resting = 0, "", Resting()
        while True:
            async with transaction(self._state.sessions) as session:
                orders = await repository.working(session, after=after, limit=self._orders_at_once)
            if orders:
                served = await quotes.instruments(self._state.redis)
                met = self._met(orders, served, resting)
                filled += await self._fill_met(met, served)
            if len(orders) < self._orders_at_once:
                self._resting = resting
                return filled
            after = orders[-1].id

    def _met(
        self, orders: Sequence[Order], served: Mapping[str, Instrument], resting: Resting
    ) -> dict[str, set[str]]:
        """Desk → instruments of which a bar does something to an order; `resting` notes which bars
        the others were laid on, so that the next bar alone is looked at later.
        """
        by_desk: dict[str, set[str]] = defaultdict(set)
        for order in orders:
            if order.instrument not in served:
                continue
            rested = self._rested(order)
            if rested is None or time_is_up(order, self._bar_end):
                by_desk[order.desk_id].add(order.instrument)
            else:
                resting[order.id] = rested
        return by_desk

    def _rested(self, order: Order) -> Rested | None:
        """How far the order has rested; None when a bar does something to it."""
        count = self._window.count(order.instrument)
        before = self._resting.get(order.id)
        if before is not None and before.bars == count:
            return before
        bars = self._fresh(order, before, count)
        if bars and not awaits(order, bars):
            return None
        return Rested(count, bars[-1].end if bars else looked_at(order))

    def _fresh(self, order: Order, before: Rested | None, count: int) -> list[Bar]:
        """The bars to lay the order on: those since it rested, where no earlier one came late. A
        trailing stop follows all of its bars.
        """
        trailing = OrderType(order.type) is OrderType.TRAILING_STOP
        if before is not None and not trailing:
            bars = list(self._window.starting_from(order.instrument, before.until))
            if len(bars) == count - before.bars:
                return bars
        return list(self._window.starting_from(order.instrument, looked_at(order)))

    async def _fill_met(
        self, by_desk: Mapping[str, set[str]], served: Mapping[str, Instrument]
    ) -> int:
        if not by_desk:
            return 0
        committed: list[Changes] = []
        async with self._state.engine.connect() as connection:
            sessions = async_sessionmaker(connection, expire_on_commit=False)
            for desk, instruments in by_desk.items():
                its = [served[name] for name in sorted(instruments)]
                committed += await self._fill(sessions, desk, its)
        await publish(self._state, committed)
        return sum(len(changes.filled) for changes in committed)

    async def _fill(
        self, sessions: Sessions, desk: str, instruments: Sequence[Instrument]
    ) -> list[Changes]:
        """One desk's fills in one transaction, of the orders that are open once it is locked."""
        async with transaction(sessions) as session:
            ledger = await Ledger.open(session, desk)
            if ledger is None:
                return []
            outcomes = [one for its in instruments for one in self._played(ledger, its)]
            book(ledger, outcomes)
            names = {its.id for its in instruments}
            expire(ledger, names, self._bar_end)
        log(self._state, ledger.changes)
        return [ledger.changes]

    def _played(self, ledger: Ledger, instrument: Instrument) -> list[Outcome]:
        orders = working(ledger, instrument.id)
        if not orders:
            return []
        since = min(looked_at(order) for order in orders)
        bars = list(self._window.starting_from(instrument.id, since))
        held = ledger.quantities().get(instrument.id, Decimal(0))
        return play(orders, held, bars, instrument, self._costs) if bars else []

    async def _save(self) -> None:
        """Note how far every fill is committed."""
        if self._position in (None, self._saved) or self._bar_end is None:
            return
        values = {"entry": self._position, "bar_end": self._bar_end}
        row = insert(BrokerCursor).values(name=LOOP, organisation_id=PLATFORM, **values)
        row = row.on_conflict_do_update(index_elements=["name"], set_=values)
        async with transaction(self._state.sessions) as session:
            await session.execute(row)
        self._saved = self._position
