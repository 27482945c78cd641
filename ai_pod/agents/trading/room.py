"""Everything the trading agent needs at hand before a bar comes: desks, windows and policies, kept
as the seats say.
"""

import asyncio
from collections.abc import Callable, Coroutine

import structlog

from ai_pod.agents.trading.books import DeskBook, DeskStore
from ai_pod.agents.trading.feed import BarFeed
from ai_pod.agents.trading.history import PastCloses
from ai_pod.agents.trading.shelf import Shelf
from ai_pod.agents.trading.windows import CAPACITY, Window, filled
from ai_pod.contracts.seats import PodSeats, Seat
from ai_pod.policies.features import WINDOW
from market.words import BarsClosed, Interval

Group = tuple[Interval, tuple[str, ...]]
"""Desks that read the same window."""

Start = Callable[[Coroutine[object, object, None], str], object]
"""Starts work beside the agent's own."""

logger = structlog.get_logger()


class Room:
    """Desks by id and by group, windows by group. `phase_epoch` seals the hand-offs of desks that
    go.
    """

    def __init__(
        self, feed: BarFeed, store: DeskStore, shelf: Shelf, past: PastCloses, start: Start
    ) -> None:
        self.books: dict[str, DeskBook] = {}
        self.groups: dict[Group, list[DeskBook]] = {}
        self.windows: dict[Group, Window] = {}
        self.shelf = shelf
        self.phase_epoch = 0
        self._feed = feed
        self._store = store
        self._past = past
        self._start = start
        self._preparing = asyncio.Lock()
        self._seats: PodSeats | None = None
        self._wanted: PodSeats | None = None

    def take(self, seats: PodSeats) -> None:
        """Note new seats; `prepare` obeys them. A lower revision, told late, is ignored."""
        if self._wanted is None or seats.revision >= self._wanted.revision:
            self._wanted = seats

    async def prepare(self) -> None:
        """Bring desks, windows and policies up to the seats. Raises redis' errors and
        HandOffFailed; what was done stays, and the next call goes on.
        """
        async with self._preparing:
            await self._prepare()

    async def _prepare(self) -> None:
        wanted = self._wanted
        if wanted is not None and wanted is not self._seats:
            await self._open_windows(wanted.seats)
            await self._seat(wanted.seats)
            self._seats = wanted
        seats = [book.seat for book in self.books.values()]
        await self.shelf.load({(seat.policy_version, seat.instruments) for seat in seats})

    def closed(self, bars: BarsClosed) -> None:
        """Add a bar to every window of its interval."""
        for (interval, _), window in self.windows.items():
            if interval is bars.interval:
                window.append(bars)

    def last_end(self, interval: Interval) -> int:
        """The end of the last bar heard of the interval, of whatever instruments, in microseconds
        since 1970.
        """
        ends = [w.heard for (i, _), w in self.windows.items() if i is interval]
        return max(ends, default=0)

    @property
    def intervals(self) -> set[Interval]:
        return {interval for interval, _ in self.windows}

    async def _seat(self, seats: tuple[Seat, ...]) -> None:
        staying = {seat.desk for seat in seats}
        gone = [book for desk, book in self.books.items() if desk not in staying]
        await self._store.leave(gone, self.phase_epoch)
        for book in gone:
            del self.books[book.seat.desk]
        for seat in seats:
            known = self.books.get(seat.desk)
            if known is not None and known.seat.lease_epoch == seat.lease_epoch:
                known.seat = seat
            else:
                last = self.windows[group_of(seat)].last_end or self._past.now()
                self.books[seat.desk] = await self._store.restore(seat, last)
        self.groups = {}
        for book in self.books.values():
            self.groups.setdefault(group_of(book.seat), []).append(book)

    async def _open_windows(self, seats: tuple[Seat, ...]) -> None:
        groups = {group_of(seat) for seat in seats}
        for group in groups - self.windows.keys():
            self.windows[group] = await self._open(group)
        self.windows = {group: w for group, w in self.windows.items() if group in groups}
        self._feed.forget(self.intervals)

    async def _open(self, group: Group) -> Window:
        """The stream's bars at once; the history's are put in front of them beside everything else,
        and the group's desks wait for them: who catches up sees what was seen then.
        """
        interval, instruments = group
        window = filled(instruments, await self._feed.recent(interval, CAPACITY))
        self._start(self._settle(group, window), f"history-{interval}")
        return window

    async def _settle(self, group: Group, window: Window) -> None:
        interval, instruments = group
        ends, closes, synthetic = await self._past.before(instruments, interval, window.first_end)
        if len(ends):
            window.prepend(ends, closes)
            window.synthetic = window.synthetic or synthetic
        window.settled = True
        known = window.rows_until(window.last_end)
        if known < WINDOW:
            logger.warning("window_short", interval=interval, bars=known, of=WINDOW)


def group_of(seat: Seat) -> Group:
    return seat.interval, seat.instruments
