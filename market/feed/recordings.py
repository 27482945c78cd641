"""Recordings to replay: what was traded in a stretch of market time, as arrays."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple, Protocol, Self

import numpy as np
import numpy.typing as npt

from market.calendars import Sessions, from_ns, trading_sessions
from market.feed import synthetic
from market.feed.grid import SECOND_NS
from market.series import Bars, Ticks
from market.shipped import DEMO_INSTRUMENTS, daily_stock
from market.words import Instrument, Interval

Floats = npt.NDArray[np.float64]
Nanoseconds = npt.NDArray[np.int64]
_HOUR_NS = 3600 * SECOND_NS


_NO_TICKS = Ticks(np.zeros(0, dtype=np.int64), np.zeros(0), np.zeros(0))


class Block(NamedTuple):
    """Trades of several instruments in time order; `which` numbers the instrument."""

    at: Nanoseconds
    which: npt.NDArray[np.int64]
    price: Floats
    size: Floats

    def between(self, start: int, end: int) -> "Block":
        """The trades in [start, end)."""
        first, last = self.at.searchsorted([start, end], side="left")
        rows = slice(int(first), int(last))
        return Block(self.at[rows], self.which[rows], self.price[rows], self.size[rows])

    @classmethod
    def merge(cls, parts: Sequence[tuple[int, Ticks]]) -> Self:
        """Several instruments' trades as one stream; at one instant by instrument number."""
        parts = [(0, _NO_TICKS), *parts]
        at = np.concatenate([ticks.at for _, ticks in parts])
        which = np.repeat([number for number, _ in parts], [len(ticks) for _, ticks in parts])
        price = np.concatenate([ticks.price for _, ticks in parts])
        size = np.concatenate([ticks.size for _, ticks in parts])
        order = np.argsort(at, kind="stable")
        return cls(at[order], which[order], price[order], size[order])


_NO_TRADE = Block.merge([])


class Recording(Protocol):
    """Something recorded, to be played on the clock."""

    @property
    def name(self) -> str: ...

    @property
    def instruments(self) -> tuple[Instrument, ...]: ...

    @property
    def recorded(self) -> Interval | None: ...

    @property
    def end(self) -> int:
        """Nothing was traded at or after this instant (ns)."""

    def block(self, start: int, end: int) -> Block:
        """What was traded in [start, end)."""


@dataclass(frozen=True)
class Fixed:
    """A recording held in memory as a whole."""

    name: str
    instruments: tuple[Instrument, ...]
    recorded: Interval | None
    trades: Block

    @property
    def end(self) -> int:
        return int(self.trades.at[-1]) + 1

    def block(self, start: int, end: int) -> Block:
        return self.trades.between(start, end)


class Demo:
    """The shipped daily stocks with synthetic minutes, a session at a time."""

    name = "replay:demo"
    instruments = DEMO_INSTRUMENTS
    recorded = Interval.DAY

    def __init__(self) -> None:
        self._daily: list[Bars] = [daily_stock(one.symbol) for one in self.instruments]
        self.end = max(int(daily.end[-1]) for daily in self._daily)
        self._session = lru_cache(maxsize=4)(self._threaded)

    def block(self, start: int, end: int) -> Block:
        day = 86400 * SECOND_NS
        first, last = from_ns(start - day).date(), from_ns(end + day).date()
        sessions = trading_sessions("XNYS", first, last)
        around = sessions.slice(start, end)
        parts = [self._session(int(close)).between(start, end) for close in around.closes]
        return Block(
            np.concatenate([_NO_TRADE.at, *(part.at for part in parts)]),
            np.concatenate([_NO_TRADE.which, *(part.which for part in parts)]),
            np.concatenate([_NO_TRADE.price, *(part.price for part in parts)]),
            np.concatenate([_NO_TRADE.size, *(part.size for part in parts)]),
        )

    def _threaded(self, close: int) -> Block:
        label = from_ns(close).date()
        session: Sessions = trading_sessions("XNYS", label, label)
        parts = []
        for number, instrument in enumerate(self.instruments):
            daily = self._daily[number]
            walked = synthetic.session_path(instrument, daily, session, 0)
            if walked is not None:
                parts.append((number, synthetic.ticks(*walked, instrument.quantity_decimals)))
        return Block.merge(parts)


def hourly(name: str, instrument: Instrument, bars: Bars) -> Fixed:
    """Recorded hours played as four trades each: open, the extremes, close.

    When in its hour an extreme was traded is not recorded: it is put at a third and at two thirds,
    the low first when the hour rose. Bars shorter than an hour are therefore synthetic.
    """
    rose = bars.close >= bars.open
    early, late = np.where(rose, bars.low, bars.high), np.where(rose, bars.high, bars.low)
    price = np.stack([bars.open, early, late, bars.close], axis=1).ravel()
    moments = np.array([0, _HOUR_NS // 3, 2 * _HOUR_NS // 3, _HOUR_NS - SECOND_NS])
    at = (bars.end[:, np.newaxis] - _HOUR_NS + moments).ravel()
    size = np.repeat(bars.volume / 4, 4)
    trades = Block.merge([(0, Ticks(at, price, size))])
    return Fixed(name, (instrument,), Interval.HOUR, trades)


def traded(name: str, instrument: Instrument, ticks: Ticks) -> Fixed:
    """Recorded trades, played as they were."""
    return Fixed(name, (instrument,), None, Block.merge([(0, ticks)]))
