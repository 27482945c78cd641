"""Where bars are read: the history store, and what Redis still holds."""

import asyncio
from collections.abc import Iterable
from datetime import datetime

import numpy as np
from redis.asyncio import Redis

from backend import streams
from market import keys
from market.calendars import to_ns
from market.errors import UnknownInstrument
from market.history import History
from market.series import VALUES, Bars, no_bars
from market.words import Bar, BarsClosed, Instrument, Interval

RECENT = 4_000
"""Entries of a bar stream that are read at most; it holds two days."""


async def stored(history: History) -> dict[str, Instrument]:
    """What the history store knows, by id."""
    known = await asyncio.to_thread(history.instruments)
    return {one.id: one for one in known}


async def past_bars(
    history: History, instrument: str, interval: Interval, start: datetime | None, end: datetime
) -> Bars:
    """From the history store; none when it has no such series."""
    try:
        return await asyncio.to_thread(history.read, instrument, interval, start, end)
    except UnknownInstrument:
        return no_bars()


async def recent_bars(
    redis: Redis, instrument: str, interval: Interval, start: datetime | None, end: datetime
) -> Bars:
    """From the market's stream of closed bars."""
    entries = await streams.newest(redis, keys.bars(interval), count=RECENT)
    closed = (BarsClosed.decode(message) for _, message in entries)
    within = (
        bars.of(instrument)
        for bars in closed
        if bars.end <= end and (start is None or bars.end >= start)
    )
    return as_series(bar for bar in within if bar is not None)


def as_series(words: Iterable[Bar]) -> Bars:
    """Messages as arrays; of two with the same end the later one stands."""
    by_end = {bar.end: bar for bar in words}
    bars = [by_end[end] for end in sorted(by_end)]
    columns = {
        name: np.array([getattr(bar, name) for bar in bars], dtype=np.float64) for name in VALUES
    }
    ends = np.array([to_ns(bar.end) for bar in bars], dtype=np.int64)
    return Bars(end=ends, synthetic=any(bar.synthetic for bar in bars), **columns)
