"""The market's own words: instruments, ticks, bars. Immutable, and the same in every process and on
every stream.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal, Self

import msgspec

Stamps = Literal["start", "end"]
"""What the timestamp of an intraday bar marks in a file: the beginning of its bar, or its end."""


class Word(msgspec.Struct, frozen=True, kw_only=True):
    """An immutable message.

    Unknown fields are ignored on decoding, so a newer writer may add some.
    """


class Interval(StrEnum):
    """A bar interval."""

    MINUTE = "1m"
    FIVE_MINUTES = "5m"
    QUARTER = "15m"
    HOUR = "1h"
    DAY = "1d"

    @property
    def length(self) -> timedelta:
        return _LENGTHS[self]

    @property
    def seconds(self) -> int:
        return int(self.length.total_seconds())


_LENGTHS = {
    Interval.MINUTE: timedelta(minutes=1),
    Interval.FIVE_MINUTES: timedelta(minutes=5),
    Interval.QUARTER: timedelta(minutes=15),
    Interval.HOUR: timedelta(hours=1),
    Interval.DAY: timedelta(days=1),
}


class Instrument(Word, frozen=True, kw_only=True):
    """What is traded, and where. `id` is `VENUE:SYMBOL`, for example `XNYS:IBM`."""

    venue: str
    symbol: str
    currency: str = "USD"
    calendar: str = "XNYS"
    price_decimals: int = 2
    quantity_decimals: int = 0
    name: str = ""
    synthetic: bool = False
    source: str = ""

    @property
    def id(self) -> str:
        return f"{self.venue}:{self.symbol}"


def split_instrument(instrument: str) -> tuple[str, str]:
    """`VENUE:SYMBOL` → (venue, symbol). Raises ValueError that says what is wrong."""
    venue, colon, symbol = instrument.partition(":")
    if not colon or not venue or not symbol:
        raise ValueError(f"{instrument!r} is no instrument: write VENUE:SYMBOL, such as XNYS:IBM")
    return venue, symbol


class Tick(Word, frozen=True, kw_only=True):
    """A trade: `at` is market time (UTC), `price` in the instrument's currency, `size` in units."""

    instrument: str
    at: datetime
    price: float
    size: float
    synthetic: bool = False


class Bar(Word, frozen=True, kw_only=True):
    """OHLCV over [start, end) in market time (UTC); the bar is known from `end` on."""

    instrument: str
    interval: Interval
    start: datetime
    end: datetime
    open: float
    high: float
    low: float
    close: float
    volume: float
    synthetic: bool = False


class BarsClosed(Word, frozen=True, kw_only=True):
    """All bars of one interval that close at one instant: one entry of `market:bars:{interval}`.

    An instrument that did not trade in the interval is absent; whoever needs a price carries the
    last one on.
    """

    interval: Interval
    end: datetime
    bars: tuple[Bar, ...]

    def of(self, instrument: str) -> Bar | None:
        return next((bar for bar in self.bars if bar.instrument == instrument), None)

    @classmethod
    def decode(cls, data: bytes) -> Self:
        return msgspec.json.decode(data, type=cls)


class FeedState(Word, frozen=True, kw_only=True):
    """How the feed is doing: it has told everything before `until` (market time); `ended` once its
    recording is over. `beat` is real time (Unix seconds).
    """

    feed: str
    instruments: tuple[str, ...]
    until: datetime
    beat: float
    ended: bool = False
    last_bars: dict[str, datetime] = {}
