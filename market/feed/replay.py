"""Plays a recording on the clock: catches up in strides, then keeps pace."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import datetime

from market.calendars import from_ns, to_ns
from market.clock import Clock
from market.errors import FeedError
from market.feed.grid import SECOND_NS, Grid, session_open
from market.feed.port import Batch
from market.feed.recordings import Block, Demo, Recording, hourly, traded
from market.history import History
from market.words import Instrument, Interval, Tick

STRIDE_NS = 2 * 3600 * SECOND_NS
"""Market time told at once when behind."""
SHORTEST_PAUSE = 0.05
LONGEST_PAUSE = 0.5
EURUSD = "FX:EURUSD"
ES = "CME:ES"


class Replay:
    """A feed out of a recording."""

    def __init__(self, recording: Recording, clock: Clock) -> None:
        self._recording = recording
        self._clock = clock
        self.name = recording.name
        self.instruments: tuple[Instrument, ...] = recording.instruments
        self.recorded: Interval | None = recording.recorded
        self._grids = [Grid(name) for name in sorted({one.calendar for one in self.instruments})]

    def opening(self, instant: datetime) -> datetime:
        return session_open(self._grids, instant)

    async def batches(self, since: datetime) -> AsyncGenerator[Batch, None]:
        played = to_ns(since)
        while True:
            now = to_ns(self._clock.now())
            until = max(played, min(now, played + STRIDE_NS))
            ticks = self._words(self._recording.block(played, until)) if until > played else []
            played = until
            yield Batch(ticks, from_ns(until), ended=until >= self._recording.end)
            behind = now - until > SECOND_NS
            await asyncio.sleep(0 if behind else self._pause(until))

    def _pause(self, played: int) -> float:
        """Real seconds until there is something to tell, within bounds."""
        ahead = int(LONGEST_PAUSE * self._clock.speed * SECOND_NS)
        coming = self._recording.block(played, played + ahead).at
        if not len(coming):
            return LONGEST_PAUSE
        wait = (int(coming[0]) - played) / SECOND_NS / self._clock.speed
        return min(LONGEST_PAUSE, max(SHORTEST_PAUSE, wait))

    def _words(self, block: Block) -> list[Tick]:
        names = [one.id for one in self.instruments]
        synthetic = self.recorded is not None
        rows = zip(*(column.tolist() for column in block), strict=True)
        return [
            Tick(
                instrument=names[which], at=from_ns(at), price=price, size=size, synthetic=synthetic
            )
            for at, which, price, size in rows
        ]


def open_replay(name: str, clock: Clock, history: History) -> Replay:
    """`replay:demo`, `replay:eurusd` or `replay:es`. Raises FeedError with the way out."""
    if name == Demo.name:
        return Replay(Demo(), clock)
    end = from_ns(2**62)
    if name == "replay:eurusd":
        stored = _stored(history, EURUSD, Interval.HOUR, "eurusd")
        bars = history.read(EURUSD, Interval.HOUR, None, end)
        return Replay(hourly(name, stored, bars), clock)
    if name == "replay:es":
        stored = _stored(history, ES, "ticks", "es-ticks")
        return Replay(traded(name, stored, history.read_ticks(ES, None, end)), clock)
    raise FeedError(f"unknown feed {name!r}; there are replay:demo, replay:eurusd and replay:es")


def _stored(history: History, instrument: str, interval: str, fetched_as: str) -> Instrument:
    stored = history.find(instrument, interval)
    if stored is None:
        raise FeedError(
            f"{history.root} holds no {instrument} {interval}; "
            f"run: shiftdesk data fetch {fetched_as}"
        )
    return stored.instrument
