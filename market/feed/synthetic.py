"""Minute bars threaded through a real day: invented, deterministic, and labelled *synthetic*.

The minutes of a session begin at the day's open, touch its high and its low, end at its close, and
their volumes sum to the day's. Between these they walk a Brownian bridge, three steps a minute, on
the instrument's price grid: of many bridges the one whose extremes come closest to the day's, so
that neither its trend nor its restlessness gives a policy something to exploit that a real day
would not. The seed is the sha256 of instrument and date.
"""

import hashlib
from datetime import date
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from market.calendars import Sessions, trading_sessions
from market.feed.grid import MINUTE_NS, SECOND_NS, aggregate
from market.series import VALUES, Bars, Ticks, concatenated
from market.words import Instrument, Interval

Floats = npt.NDArray[np.float64]
Nanoseconds = npt.NDArray[np.int64]
STEPS = 3
_MOMENTS = np.array([0, 20, 40, 59]) * SECOND_NS
"""When in its minute each point is traded."""
_BRIDGES = 48
"""Bridges that are drawn for a day; one of them is taken."""


class Day(NamedTuple):
    """One recorded day of one instrument."""

    open: float
    high: float
    low: float
    close: float
    volume: float


class Path(NamedTuple):
    """A day's walk: `price` (n, STEPS + 1) at the points of each minute, `volume` (n,)."""

    price: Floats
    volume: Floats


def thread(instrument: Instrument, label: date, day: Day, minutes: int) -> Path:
    """The walk through `day` in so many minutes; the same whenever it is asked for."""
    random = np.random.default_rng(_seed(instrument.id, label))
    scale = 10.0**instrument.price_decimals
    first, high, low, last = (round(value * scale) for value in day[:4])
    points = minutes * STEPS + 1
    walk = _walk(random, points, (first, high, low, last))
    on_grid = np.clip(np.rint(walk), low, high) / scale
    inner = on_grid[:-1].reshape(minutes, STEPS)
    price = np.concatenate([inner, on_grid[STEPS::STEPS, np.newaxis]], axis=1)
    return Path(price, _volumes(random, minutes, day.volume, 10.0**instrument.quantity_decimals))


def minute_bars(path: Path, starts: Nanoseconds) -> Bars:
    """The walk's minutes as bars; `starts` (n,) are their beginnings in ns UTC."""
    return Bars(
        end=starts + MINUTE_NS,
        open=path.price[:, 0],
        high=path.price.max(axis=1),
        low=path.price.min(axis=1),
        close=path.price[:, -1],
        volume=path.volume,
        synthetic=True,
    )


def ticks(path: Path, starts: Nanoseconds, quantity_decimals: int = 0) -> Ticks:
    """The walk's points as trades, STEPS + 1 a minute; bars closed from them are `minute_bars`."""
    share = np.arange(STEPS + 2) / (STEPS + 1)
    scale = 10.0**quantity_decimals
    sizes = np.diff(np.rint(path.volume[:, np.newaxis] * scale * share), axis=1) / scale
    at = starts[:, np.newaxis] + _MOMENTS
    return Ticks(at.ravel(), path.price.ravel(), sizes.ravel())


def session_path(
    instrument: Instrument, daily: Bars, sessions: Sessions, index: int
) -> tuple[Path, Nanoseconds] | None:
    """The walk through one session and its minutes' starts; None without a daily bar for it."""
    row = int(daily.end.searchsorted(sessions.closes[index]))
    if row == len(daily) or daily.end[row] != sessions.closes[index]:
        return None
    day = Day(*(float(getattr(daily, name)[row]) for name in VALUES))
    starts = _minute_starts(sessions, index)
    return thread(instrument, sessions.labels[index].item(), day, len(starts)), starts


def history_bars(
    instrument: Instrument, daily: Bars, interval: Interval, start: date, end: date
) -> Bars:
    """Synthetic bars of the sessions `start` to `end`: the same bars that the live feed closes.

    `daily` are recorded bars that end at their sessions' closes; a session without one is empty.
    """
    minutes = history_minutes(instrument, daily, start, end)
    return aggregate(minutes, interval, trading_sessions(instrument.calendar, start, end))


def history_minutes(instrument: Instrument, daily: Bars, start: date, end: date) -> Bars:
    """The minute bars that `history_bars` are made of."""
    sessions = trading_sessions(instrument.calendar, start, end)
    paths = (session_path(instrument, daily, sessions, index) for index in range(len(sessions)))
    return concatenated([minute_bars(*path) for path in paths if path is not None])


def _seed(instrument: str, label: date) -> int:
    digest = hashlib.sha256(f"{instrument} {label.isoformat()}".encode()).digest()
    return int.from_bytes(digest[:8], "big")


def _walk(random: np.random.Generator, points: int, day: tuple[int, int, int, int]) -> Floats:
    """A Brownian bridge from open to close whose extremes are stretched onto the day's.

    Its variance is the one that the day's range implies: range² / (4 ln 2), Parkinson (1980).
    """
    first, high, low, last = day
    deviation = (high - low) / np.sqrt(4.0 * np.log(2.0) * points)
    motion = np.cumsum(random.standard_normal((_BRIDGES, points)) * deviation, axis=1)
    motion -= motion[:, :1]
    share = np.linspace(0.0, 1.0, points)
    bridges = first + motion + share * (last - first - motion[:, -1:])
    misses = np.abs(bridges.max(axis=1) - high) + np.abs(bridges.min(axis=1) - low)
    return _stretched(bridges[int(np.argmin(misses))], day)


def _stretched(walk: Floats, day: tuple[int, int, int, int]) -> Floats:
    """What lies beyond open and close, stretched so that the extremes are the day's."""
    first, high, low, last = day
    upper, lower = max(first, last), min(first, last)
    above, below = walk.max() - upper, lower - walk.min()
    up = upper + (walk - upper) * ((high - upper) / above if above > 0 else 0.0)
    down = lower + (walk - lower) * ((lower - low) / below if below > 0 else 0.0)
    stretched: Floats = np.where(walk > upper, up, np.where(walk < lower, down, walk))
    stretched[[0, -1]] = first, last
    inner = stretched[1:-1]
    inner[int(np.argmax(inner))], inner[int(np.argmin(inner))] = high, low
    return stretched


def _volumes(random: np.random.Generator, minutes: int, volume: float, scale: float) -> Floats:
    """The day's volume over its minutes, more at both ends, to the instrument's decimals."""
    across = np.linspace(-1.0, 1.0, minutes)
    weights = (1.0 + 1.5 * across**2) * random.lognormal(0.0, 0.5, minutes)
    share = np.cumsum(weights) / weights.sum()
    share[-1] = 1.0
    units: Floats = np.diff(np.rint(share * np.rint(volume * scale)), prepend=0.0) / scale
    return units


def _minute_starts(sessions: Sessions, index: int) -> Nanoseconds:
    """The beginnings of a session's trading minutes."""
    opens, closes = int(sessions.opens[index]), int(sessions.closes[index])
    starts: Nanoseconds = np.arange(opens, closes, MINUTE_NS, dtype=np.int64)
    trading = (starts < sessions.break_starts[index]) | (starts >= sessions.break_ends[index])
    kept: Nanoseconds = starts[trading]
    return kept
