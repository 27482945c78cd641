"""Bars for a chart: history and today's in one series, never later than the market's now."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from redis.asyncio import Redis

from backend import quotes
from backend.errors import Invalid, NotFound
from backend.market import repository
from backend.market.schemas import BarsView, BarView
from market.history import History
from market.series import Bars
from market.words import Instrument, Interval

MOST_POINTS = 2_000


@dataclass(frozen=True)
class BarsWanted:
    """Bars that end in [start, end]; without a start the last `limit` before the end."""

    instrument: str
    interval: Interval
    start: datetime | None
    end: datetime
    limit: int


async def instruments(redis: Redis, history: History) -> dict[str, Instrument]:
    """Everything with a price: what the feed serves, and what the history store knows."""
    return {**await repository.stored(history), **await quotes.instruments(redis)}


async def bars(redis: Redis, history: History, wanted: BarsWanted, now: datetime) -> BarsView:
    """Raises NotFound (`unknown_instrument`), Invalid for an end before the start."""
    if wanted.start is not None and wanted.start > wanted.end:
        raise Invalid("'from' is after 'to'", code="invalid_range")
    known = await _known(redis, history, wanted.instrument)
    end = min(wanted.end, now)
    place = (wanted.instrument, wanted.interval, wanted.start, end)
    past = await repository.past_bars(history, *place)
    series = past.merged(await repository.recent_bars(redis, *place))
    series, merged = _bounded(series, wanted)
    return BarsView(
        instrument=wanted.instrument,
        interval=wanted.interval,
        synthetic=series.synthetic,
        bars_per_point=merged,
        as_of=now,
        bars=[BarView.of(word) for word in series.words(known, wanted.interval)],
    )


async def _known(redis: Redis, history: History, instrument: str) -> Instrument:
    found: Mapping[str, Instrument] = await quotes.instruments(redis)
    if instrument not in found:
        found = await repository.stored(history)
    if instrument not in found:
        some = ", ".join(sorted(await instruments(redis, history))[:12]) or "none yet"
        raise NotFound(
            f"unknown instrument {instrument!r}; known: {some}", code="unknown_instrument"
        )
    return found[instrument]


def _bounded(series: Bars, wanted: BarsWanted) -> tuple[Bars, int]:
    if wanted.start is None:
        return series.rows(slice(max(0, len(series) - wanted.limit), None)), 1
    merged = -(-len(series) // wanted.limit) or 1
    return bucketed(series, merged), merged


def bucketed(series: Bars, size: int) -> Bars:
    """Every `size` bars, counted from the last, as one; the first bucket may hold fewer."""
    if size <= 1 or not len(series):
        return series
    first = len(series) % size
    starts = np.arange(first, len(series), size)
    if first:
        starts = np.concatenate([[0], starts])
    lasts = np.append(starts[1:], len(series)) - 1
    return Bars(
        end=series.end[lasts],
        open=series.open[starts],
        high=np.maximum.reduceat(series.high, starts),
        low=np.minimum.reduceat(series.low, starts),
        close=series.close[lasts],
        volume=np.add.reduceat(series.volume, starts),
        synthetic=series.synthetic,
    )
