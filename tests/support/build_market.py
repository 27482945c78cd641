"""Builders of the market's words and series."""

from datetime import UTC, datetime, timedelta

import numpy as np

from market.calendars import to_ns
from market.clock import Anchor, Clock
from market.series import Bars
from market.words import Instrument, Tick

MONDAY = datetime(2012, 10, 15, 13, 30, tzinfo=UTC)
"""The open of a New York session."""


def instrument(symbol: str = "IBM", **fields: object) -> Instrument:
    return Instrument(**{"venue": "XNYS", "symbol": symbol, **fields})  # type: ignore[arg-type]  # a builder


def tick(at: datetime, price: float, size: float = 100.0, symbol: str = "IBM") -> Tick:
    return Tick(instrument=f"XNYS:{symbol}", at=at, price=price, size=size)


def bars(closes: list[float], first_end: datetime = MONDAY, minutes: int = 15) -> Bars:
    """Bars of one price each way around `closes`."""
    close = np.array(closes, dtype=np.float64)
    end = to_ns(first_end) + np.arange(len(closes), dtype=np.int64) * minutes * 60 * 10**9
    return Bars(end, close, close + 1, close - 1, close, np.full(len(closes), 100.0))


class Wall:
    """A wall clock that moves when told to."""

    def __init__(self, now: float = 1_800_000_000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


def clock(market: datetime, wall: Wall, speed: float = 600.0) -> Clock:
    return Clock(Anchor(market=market, wall=wall.now, speed=speed), wall)


def move_to(moved: Clock, wall: Wall, market: datetime) -> None:
    """Let the clock show `market`."""
    assert moved.now() <= market + timedelta(microseconds=1), "time goes on"
    wall.now += moved.real_seconds_until(market)
