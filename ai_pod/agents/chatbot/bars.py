"""Bars for statistics: of the history store and of the market's stream, never later than now."""

import asyncio
from datetime import datetime
from typing import Any

import msgspec
import numpy as np
import structlog
from redis.asyncio import Redis

from market import keys
from market.calendars import to_ns
from market.errors import MarketError
from market.series import VALUES, Bars, no_bars
from market.words import Bar, BarsClosed, Interval

RECENT = 1_500
"""Entries of a stream that are read at most: more than a day of minutes."""

logger = structlog.get_logger()


class BarSource:
    """`history` is the URL of the history store; empty: the stream alone."""

    def __init__(self, redis: Redis, history: str) -> None:
        self._redis = redis
        self._history = history

    async def between(
        self, instrument: str, interval: Interval, start: datetime, end: datetime
    ) -> Bars:
        """The bars that end after `start` and not after `end`, ascending."""
        past = await asyncio.to_thread(self._past, instrument, interval, start, end)
        recent = _series(await self._recent(instrument, interval, start, end))
        return past.merged(recent).between(to_ns(start) + 1, to_ns(end))

    def _past(self, instrument: str, interval: Interval, start: datetime, end: datetime) -> Bars:
        if not self._history:
            return no_bars()
        # The reader of Parquet costs a dormant chatbot 40 MB: whoever never asks has none.
        from market.history import History

        try:
            return History(self._history).read(instrument, interval, start, end)
        except (MarketError, OSError) as error:
            logger.info("no_history", instrument=instrument, interval=interval, error=str(error))
            return no_bars()

    async def _recent(
        self, instrument: str, interval: Interval, start: datetime, end: datetime
    ) -> list[Bar]:
        entries: Any = await self._redis.xrevrange(keys.bars(interval), count=RECENT)
        found: dict[datetime, Bar] = {}
        for _, fields in reversed(entries):
            closed = msgspec.json.decode(fields[keys.FIELD.encode()], type=BarsClosed)
            bar = closed.of(instrument) if start < closed.end <= end else None
            if bar is not None:
                found[closed.end] = bar
        return [found[at] for at in sorted(found)]


def _series(words: list[Bar]) -> Bars:
    columns = {
        name: np.array([getattr(bar, name) for bar in words], dtype=np.float64) for name in VALUES
    }
    ends = np.array([to_ns(bar.end) for bar in words], dtype=np.int64)
    return Bars(end=ends, synthetic=any(bar.synthetic for bar in words), **columns)
