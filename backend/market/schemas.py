"""Instruments and bars on the wire."""

from datetime import date, datetime

from backend.schemas import Schema
from market.words import Interval


class InstrumentView(Schema):
    """What the feed serves. `synthetic`: its minute bars are threaded through real daily ones."""

    id: str
    venue: str
    symbol: str
    currency: str
    calendar: str
    price_decimals: int
    quantity_decimals: int
    name: str
    synthetic: bool
    source: str


class BarView(Schema):
    """OHLCV over [start, end), market time."""

    instrument: str
    interval: Interval
    start: datetime
    end: datetime
    open: float
    high: float
    low: float
    close: float
    volume: float
    synthetic: bool


class MarketSessionView(Schema):
    """One trading day of an exchange: it trades over [opens, closes), but for its lunch break."""

    day: date
    opens: datetime
    closes: datetime
    break_starts: datetime | None
    break_ends: datetime | None
    shortened: bool


class SessionsView(Schema):
    """What the calendar announced; a closure decided later is a patch, and stands in the plan."""

    calendar: str
    sessions: list[MarketSessionView]


class BarsView(Schema):
    """At most 2,000 bars, ascending.

    `bars_per_point` bars of the interval were merged into each where there were more. `as_of` is
    market time now: nothing later is known.
    """

    instrument: str
    interval: Interval
    synthetic: bool
    bars_per_point: int
    as_of: datetime
    bars: list[BarView]
