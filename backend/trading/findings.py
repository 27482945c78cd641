"""What is wrong with a pool's market data or with the clocks, by what is known now. Pure.

Each function gives the numbers behind a cause, or None while there is nothing to say.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from ai_pod.contracts.agents import PodHeartbeat
from ai_pod.contracts.plan import Phase, Segment
from market.clock import Clock
from market.words import FeedState

Context = Mapping[str, str]

INTERVALS = 2
INTERVAL = timedelta(minutes=1)
"""Prices are looked at by the minute, whatever the desks' intervals."""

PATIENCE_SECONDS = 10.0
"""Real time that data may take in any case: on a fast clock two minutes are over in no time."""

SKEW_SECONDS = 5.0
BEAT_LIFE_SECONDS = 15.0
"""A heartbeat in Redis is 10 s old at most; one that seems older has another clock."""

LEARNING_WINDOW = "learning window"
"""The plan's reason for learning while the market trades."""


@dataclass(frozen=True)
class Look:
    """A pool at market time `now`: what its plan says holds it, when the last trade of anything its
    desks have was, and what the feed has said last. `since` is when looking began.
    """

    now: datetime
    since: datetime
    segment: Segment | None
    last_trade: datetime | None
    feed: FeedState | None
    patience: timedelta

    @classmethod
    def tolerance(cls, clock: Clock) -> timedelta:
        return max(INTERVALS * INTERVAL, clock.market_span(PATIENCE_SECONDS))

    @property
    def silent_for(self) -> timedelta:
        """Since the last trade of the segment, or since it or the looking began."""
        begun = max(self.segment.starts if self.segment else self.since, self.since)
        return self.now - max(begun, self.last_trade or begun)

    @property
    def traded(self) -> bool:
        """Within the segment."""
        if self.segment is None or self.last_trade is None:
            return False
        return self.last_trade >= self.segment.starts


def stale_feed(look: Look) -> Context | None:
    """Nothing comes any more while the plan says trading: no trade, or no word of the feed."""
    if look.segment is None or look.segment.phase is not Phase.TRADING:
        return None
    quiet = look.silent_for > look.patience
    if not quiet or not (look.traded or look.feed is None):
        return None
    return {"silent": str(look.silent_for), "feed": look.feed.feed if look.feed else "no heartbeat"}


def calendar_disagreement(look: Look) -> Context | None:
    """The plan says trading and nothing has come since it began, although the feed is there; or it
    says closed and trades come.
    """
    segment = look.segment
    if segment is None or look.feed is None:
        return None
    said = {"plan": segment.reason}
    if segment.phase is Phase.TRADING:
        missing = not look.traded and look.silent_for > look.patience
        return said | {"trades": f"none for {look.silent_for}"} if missing else None
    meant = segment.override is not None or segment.reason == LEARNING_WINDOW
    if meant or look.last_trade is None or look.last_trade <= segment.starts + look.patience:
        return None
    if look.now - look.last_trade > look.patience:
        return None
    return said | {"trades": f"at {look.last_trade.isoformat()}"}


def feed_skew(look: Look, wall: float, clock: Clock) -> Context | None:
    """The feed's clock, or its trades', against ours."""
    if look.feed is not None and (seconds := _skew(look.feed.beat, wall)):
        return {"feed": look.feed.feed, "seconds": f"{seconds:.1f}"}
    if look.last_trade is not None and look.last_trade - look.now > clock.market_span(SKEW_SECONDS):
        return {"trade": look.last_trade.isoformat(), "now": look.now.isoformat()}
    return None


def pod_skew(beat: PodHeartbeat, wall: float, clock: Clock) -> Context | None:
    """A pod's clock against ours: its wall clock, or its market time at the same instant."""
    if seconds := _skew(beat.beat_at, wall):
        return {"pod": beat.pod, "seconds": f"{seconds:.1f}"}
    apart = abs(beat.market_now - clock.at_wall(beat.beat_at))
    if apart > clock.market_span(SKEW_SECONDS):
        return {"pod": beat.pod, "market_time_apart": str(apart)}
    return None


def _skew(beat: float, wall: float) -> float:
    """By how many seconds a beat lies in the future, or further back than any can; else 0."""
    ahead = beat - wall
    return ahead if ahead > SKEW_SECONDS or ahead < -BEAT_LIFE_SECONDS else 0.0
