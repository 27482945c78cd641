"""The paper broker: fills accepted orders against one-minute bars by the simulator's rule.

One back end runs it at a time; two at once do no harm: fills are made under the desk's lock, and
one order has one fill a bar.
"""

import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import async_sessionmaker

from backend import quotes, streams
from backend.database import Sessions, transaction
from backend.leader import run_once
from backend.models import PLATFORM, BrokerCursor, Order
from backend.state import State
from backend.trading import repository
from backend.trading.announce import log, publish
from backend.trading.events import OrderAccepted, OrderFilled
from backend.trading.ledger import Changes, Ledger, new_fill
from backend.trading.matching import BarWindow, Match, match
from market import keys
from market.words import BarsClosed, Instrument, Interval

LOOP = "paper-broker"
LOOK_BACK = 4_000
STEP_SECONDS = 3.0
BLOCK_MS = 200
ORDERS_AT_ONCE = 1_000


class PaperBroker:
    """Holds every order until its bar is there."""

    name = "paper"

    def receive(self, order: Order, at: datetime) -> OrderAccepted:
        return OrderAccepted(order=order.id, at=at, venue_order=order.id)


async def run(state: State) -> None:
    """Fill orders for ever, while this back end holds the loop's lease."""
    matcher = Matcher(state)
    await run_once(state, LOOP, lambda _: matcher.run_for(STEP_SECONDS), period_seconds=0.05)


class Matcher:
    """Reads bars from its durable cursor on, with a window back, and fills what they reach."""

    def __init__(
        self, state: State, *, look_back: int = LOOK_BACK, orders_at_once: int = ORDERS_AT_ONCE
    ) -> None:
        self._state = state
        self._orders_at_once = orders_at_once
        self._resting: dict[str, int] = {}
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
        filled, after, resting = 0, "", dict[str, int]()
        while True:
            async with transaction(self._state.sessions) as session:
                orders = await repository.working(session, after=after, limit=self._orders_at_once)
            if orders:
                met = self._met(orders, await quotes.instruments(self._state.redis), resting)
                filled += await self._fill_met(met)
            if len(orders) < self._orders_at_once:
                self._resting = resting
                return filled
            after = orders[-1].id

    def _met(
        self, orders: Sequence[Order], served: Mapping[str, Instrument], resting: dict[str, int]
    ) -> dict[str, list[tuple[Order, Match]]]:
        """Desk → its orders that a bar reaches; `resting` notes up to which bars the others were
        looked at, so that they are looked at again with the next bar only.
        """
        by_desk: dict[str, list[tuple[Order, Match]]] = defaultdict(list)
        for order in orders:
            if order.instrument not in served:
                continue
            bars, met = self._window.count(order.instrument), None
            if self._resting.get(order.id) != bars:
                met = match(order, self._window, served[order.instrument].price_decimals)
            if met is None:
                resting[order.id] = bars
            else:
                by_desk[order.desk_id].append((order, met))
        return by_desk

    async def _fill_met(self, by_desk: Mapping[str, Sequence[tuple[Order, Match]]]) -> int:
        if not by_desk:
            return 0
        committed: list[Changes] = []
        async with self._state.engine.connect() as connection:
            sessions = async_sessionmaker(connection, expire_on_commit=False)
            for desk, matches in by_desk.items():
                committed += await self._fill(sessions, desk, matches)
        await publish(self._state, committed)
        return sum(len(changes.filled) for changes in committed)

    async def _fill(
        self, sessions: Sessions, desk: str, matches: Sequence[tuple[Order, Match]]
    ) -> list[Changes]:
        """One desk's fills in one transaction: those whose order is still open."""
        async with transaction(sessions) as session:
            ledger = await Ledger.open(session, desk)
            changes = None if ledger is None else fill_open(ledger, matches)
        if changes is None or not changes.filled:
            return []
        log(self._state, changes)
        return [changes]

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


def fill_open(ledger: Ledger, matches: Sequence[tuple[Order, Match]]) -> Changes:
    """Book those matches whose order is open now that the desk is locked, by their bars' order."""
    still_open = {order.id: order for order in ledger.open_orders}
    for found, met in sorted(matches, key=lambda pair: (pair[1].bar.start, pair[0].id)):
        order = still_open.get(found.id)
        if order is None or order.filled != found.filled:
            continue
        fill = new_fill(order, met.bar, met.price, met.fee)
        ledger.book(order, fill)
        ledger.happened(order, OrderFilled(order=order.id, at=fill.at, quantity=fill.quantity))
    return ledger.changes
