"""The days of a simulation as the scheduler plans them, in seconds since its beginning."""

from bisect import bisect_right
from datetime import UTC, datetime, timedelta

from ai_pod.contracts.plan import Phase, Plan, Segment
from scheduler.plan import Inputs, plan, sessions_for
from scheduler.pools import Pool
from shiftdesk.simulation.people import DAY

BEGINNING = datetime(2026, 3, 2, tzinfo=UTC)
"""A Monday of five ordinary sessions in New York; the clocks change on the Sunday."""


class Calendar:
    """The plan of every day, and what follows from it."""

    def __init__(self, pool: Pool, days: int) -> None:
        dates = [BEGINNING + timedelta(days=day) for day in range(days)]
        self._plans = [plan(pool, sessions_for(pool, date), Inputs(1), date) for date in dates]
        known = {segment.starts: segment for one in self._plans for segment in one.segments}
        within = [known[at] for at in sorted(known) if 0 <= seconds(at) < days * DAY]
        self.sessions = [_span(one) for one in within if one.phase is Phase.TRADING]
        self._switches = [seconds(one.starts) for one in within]

    def plan_at(self, second: float) -> Plan:
        return self._plans[int(second // DAY)]

    def switches(self, start: float, end: float) -> int:
        """How many segments of the plan begin in (start, end]."""
        return bisect_right(self._switches, end) - bisect_right(self._switches, start)


def instant(second: float) -> datetime:
    return BEGINNING + timedelta(seconds=second)


def seconds(at: datetime) -> float:
    return (at - BEGINNING).total_seconds()


def _span(segment: Segment) -> tuple[float, float]:
    return seconds(segment.starts), seconds(segment.ends)
