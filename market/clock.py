"""Market time, shared by all processes through one anchor; real time stays with `time.monotonic`
and `time.time`.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Self

from market.words import Word

WallTime = Callable[[], float]


class Anchor(Word, frozen=True, kw_only=True):
    """At wall time `wall` (Unix seconds) the market's time was `market`; it runs `speed` times as
    fast.
    """

    market: datetime
    wall: float
    speed: float

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """`wall` → None; `MARKET_TIME=WALL_TIME@SPEED` → the anchor. Raises ValueError on anything
        else.
        """
        if text in ("", "wall"):
            return None
        try:
            market, _, rest = text.partition("=")
            wall, _, speed = rest.partition("@")
            return cls(
                market=parse_instant(market),
                wall=parse_instant(wall).timestamp(),
                speed=_speed(speed),
            )
        except ValueError as error:
            raise ValueError(
                f"clock {text!r}: expected 'wall' or MARKET_TIME=WALL_TIME@SPEED, such as "
                f"2012-10-15T19:00:00Z=2026-11-21T09:00:00Z@600 ({error})"
            ) from error

    def __str__(self) -> str:
        wall = datetime.fromtimestamp(self.wall, UTC)
        return f"{_iso(self.market)}={_iso(wall)}@{self.speed:g}"


class Clock:
    """Tells market time. `Clock(None)` is the wall clock."""

    def __init__(self, anchor: Anchor | None = None, wall: WallTime = time.time) -> None:
        self.anchor = anchor
        self._wall = wall

    @classmethod
    def parse(cls, text: str) -> Self:
        return cls(Anchor.parse(text))

    @property
    def speed(self) -> float:
        return self.anchor.speed if self.anchor else 1.0

    def now(self) -> datetime:
        """Market time, UTC."""
        return self.at_wall(self._wall())

    def at_wall(self, wall: float) -> datetime:
        """Market time at the wall time (Unix seconds)."""
        if self.anchor is None:
            return datetime.fromtimestamp(wall, UTC)
        return self.anchor.market + timedelta(seconds=(wall - self.anchor.wall) * self.anchor.speed)

    def real_seconds_until(self, instant: datetime) -> float:
        """Real seconds until the market's `instant`; negative when it has passed."""
        return (instant - self.now()).total_seconds() / self.speed

    def market_span(self, real_seconds: float) -> timedelta:
        """How far market time runs in so many real seconds."""
        return timedelta(seconds=real_seconds * self.speed)


def parse_instant(text: str) -> datetime:
    """ISO 8601 with a zone → UTC. Raises ValueError when the zone is missing."""
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError(f"{text!r} has no time zone; end it in Z")
    return instant.astimezone(UTC)


def _speed(text: str) -> float:
    """A clock that stood still or ran backwards would never reach what is awaited."""
    speed = float(text)
    if not 0.0 < speed < float("inf"):
        raise ValueError(f"the speed {text} is not above zero")
    return speed


def _iso(instant: datetime) -> str:
    return instant.isoformat().replace("+00:00", "Z")
