"""When a fact is stale: a state that its source should have told anew by now.

What happened once (a fill, a signal, a verdict) does not age.
"""

from datetime import datetime, timedelta
from typing import Self

from ai_pod.contracts.desk import DeskSnapshot
from market.clock import Clock
from market.words import Interval, Word

SNAPSHOT_SECONDS = 10.0
"""Real seconds between two snapshots of a desk."""

MISSED = 2
"""So many snapshots, or bars, may be missed before what they told is stale."""

SNAPSHOT, MARKET = "desk snapshot", "market"
"""How the sources of such states begin."""


class Freshness(Word, frozen=True, kw_only=True):
    """How old states may be at the market's time `now`."""

    now: datetime
    snapshot: timedelta
    bar: timedelta

    @classmethod
    def of(cls, clock: Clock, now: datetime, desk: DeskSnapshot | None) -> Self:
        """By the clock's speed, and the bars of the desk's policy line."""
        snapshot = MISSED * clock.market_span(SNAPSHOT_SECONDS)
        bars = MISSED * _interval(desk).length
        return cls(now=now, snapshot=snapshot, bar=max(bars, snapshot))

    def stale(self, source: str, as_of: datetime) -> bool:
        if source.startswith(SNAPSHOT):
            return self.now - as_of > self.snapshot
        return source.startswith(MARKET) and self.now - as_of > self.bar


def _interval(desk: DeskSnapshot | None) -> Interval:
    parts = desk.policy_line.split("/") if desk else []
    named = parts[-2] if len(parts) > 2 else ""
    return Interval(named) if named in set(Interval) else Interval.QUARTER
