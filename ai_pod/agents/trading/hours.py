"""Which bars are the trading agent's: those that end within a trading segment of the plan."""

from datetime import UTC, datetime, timedelta

from ai_pod.agents.messages import PlanChanged
from ai_pod.contracts.plan import Phase, Segment
from market.words import Interval

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class TradingHours:
    """The plan's trading segments, those of the last day included: bars of them may still come."""

    def __init__(self, pod: str) -> None:
        self._pod = pod
        self._version = 0
        self._segments: tuple[Segment, ...] = ()

    def take(self, notice: PlanChanged) -> None:
        """A plan of a lower version, told late, is ignored."""
        if notice.plan.version < self._version:
            return
        self._version = notice.plan.version
        segments = notice.plan.for_pod(self._pod)
        self._segments = tuple(s for s in segments if s.phase is Phase.TRADING)

    def covers(self, bar_end: datetime) -> bool:
        """The bar ended after a trading segment began, and no later than the segment."""
        return any(s.starts < bar_end <= s.ends for s in self._segments)

    def due(self, interval: Interval, now: datetime) -> datetime | None:
        """The end of the last bar of the interval that is to be decided by `now`, if it is known:
        a day's bar ends with the market session, of which the plan does not tell.
        """
        begun = [s for s in self._segments if s.starts < now]
        if not begun or interval is Interval.DAY:
            return None
        segment = begun[-1]
        end = floor(min(now, segment.ends), interval.length)
        return end if end > segment.starts else None


def floor(instant: datetime, length: timedelta) -> datetime:
    return instant - (instant - _EPOCH) % length
