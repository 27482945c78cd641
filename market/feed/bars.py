"""Closes bars from ticks, for all instruments and intervals; only the market process does."""

from collections.abc import Iterable

from market.calendars import from_ns, to_ns
from market.feed.grid import Grid
from market.words import Bar, BarsClosed, Instrument, Interval, Tick

INTERVALS = tuple(Interval)
_NEVER = 2**63 - 1


class _Open:
    """A bar under way."""

    __slots__ = ("close", "end", "high", "low", "open", "start", "volume")

    def __init__(self, start: int, end: int, price: float) -> None:
        self.start, self.end = start, end
        self.open = self.high = self.low = self.close = price
        self.volume = 0.0

    def add(self, high: float, low: float, close: float, volume: float) -> None:
        if high > self.high:
            self.high = high
        if low < self.low:
            self.low = low
        self.close = close
        self.volume += volume


class BarBuilder:
    """Takes ticks in time order and closes 1m, 5m, 15m, 1h and 1d bars, aligned to the session.

    A bar closes when time passes its end, whether or not a tick follows; an instrument that did
    not trade has no bar, and an end at which nobody has one is not told.
    """

    def __init__(self, instruments: Iterable[Instrument], recorded: Interval | None = None) -> None:
        self._instruments = {one.id: one for one in instruments}
        self._grids = {one.calendar: Grid(one.calendar) for one in self._instruments.values()}
        self._synthetic = {
            interval: recorded is not None and interval.length < recorded.length
            for interval in INTERVALS
        }
        self._open: dict[Interval, dict[str, _Open]] = {interval: {} for interval in INTERVALS}
        self._next = _NEVER
        self._passed = 0
        self._last: dict[str, int] = {}
        self._closed: list[BarsClosed] = []

    def take(self, tick: Tick, before: int = _NEVER) -> str | None:
        """Add a trade. Returns why it was rejected, or None. One that is not `before` (ns) has not
        happened yet: believed, it would close every bar that is under way.
        """
        at = to_ns(tick.at)
        if reason := self._wrong(tick, at):
            return reason
        if at >= before:
            return "time is ahead"
        if at >= self._next:
            self._close_until(at)
        minute = self._open[Interval.MINUTE].get(tick.instrument)
        if minute is None:
            bounds = self._grid(tick.instrument).bar(Interval.MINUTE, at)
            if bounds is None:
                return "market closed"
            minute = self._start(Interval.MINUTE, tick.instrument, bounds, tick.price)
        self._last[tick.instrument] = at
        minute.add(tick.price, tick.price, tick.price, tick.size)
        return None

    def advance(self, until: int) -> list[BarsClosed]:
        """Time is `until` (ns): the bars closed since the last call, in order of end, interval."""
        self._close_until(until)
        self._passed = max(self._passed, until)
        closed, self._closed = self._closed, []
        return closed

    def _wrong(self, tick: Tick, at: int) -> str | None:
        if tick.instrument not in self._instruments:
            return "unknown instrument"
        # NaN fails every comparison.
        if not 0 < tick.price < float("inf"):
            return "price not positive"
        if not 0 <= tick.size < float("inf"):
            return "size negative"
        if at < self._last.get(tick.instrument, 0) or at < self._passed:
            return "time went back"
        return None

    def _close_until(self, until: int) -> None:
        while self._next <= until:
            end = self._next
            self._passed = max(self._passed, end)
            for interval in INTERVALS:
                self._close(interval, end)
            ends = (bar.end for bars in self._open.values() for bar in bars.values())
            self._next = min(ends, default=_NEVER)

    def _close(self, interval: Interval, end: int) -> None:
        """Close the interval's bars that end then; minutes go into the longer bars."""
        under_way = self._open[interval]
        names = [name for name in self._instruments if name in under_way]
        done = {name: under_way.pop(name) for name in names if under_way[name].end == end}
        if not done:
            return
        bars = tuple(self._word(interval, name, bar) for name, bar in done.items())
        self._closed.append(BarsClosed(interval=interval, end=from_ns(end), bars=bars))
        if interval is Interval.MINUTE:
            for name, minute in done.items():
                self._fold(name, minute)

    def _fold(self, instrument: str, minute: _Open) -> None:
        for interval in INTERVALS[1:]:
            bar = self._open[interval].get(instrument)
            if bar is None:
                bounds = self._grid(instrument).bar(interval, minute.start)
                assert bounds is not None, "a minute lies within its session"
                bar = self._start(interval, instrument, bounds, minute.open)
            bar.add(minute.high, minute.low, minute.close, minute.volume)

    def _start(
        self, interval: Interval, instrument: str, bounds: tuple[int, int], price: float
    ) -> _Open:
        bar = _Open(*bounds, price)
        self._open[interval][instrument] = bar
        self._next = min(self._next, bar.end)
        return bar

    def _grid(self, instrument: str) -> Grid:
        return self._grids[self._instruments[instrument].calendar]

    def _word(self, interval: Interval, instrument: str, bar: _Open) -> Bar:
        return Bar(
            instrument=instrument,
            interval=interval,
            start=from_ns(bar.start),
            end=from_ns(bar.end),
            open=bar.open,
            high=bar.high,
            low=bar.low,
            close=bar.close,
            volume=bar.volume,
            synthetic=self._synthetic[interval],
        )
