"""The alarm clock: APScheduler wakes the reconciliation at the instants at which a plan changes.

Nothing depends on it: whoever misses an alarm is found by the next comparison.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.date import DateTrigger

from market.clock import Clock


class Alarm:
    """Calls `wake` at market instants, one alarm per name, until it is closed."""

    def __init__(self, clock: Clock, wake: Callable[[], None]) -> None:
        self._clock = clock
        self._wake = wake
        self._scheduler = AsyncIOScheduler(
            timezone=UTC, job_defaults={"misfire_grace_time": None, "coalesce": True}
        )

    def start(self) -> None:
        self._scheduler.start()

    def close(self) -> None:
        self._scheduler.shutdown(wait=False)

    def set(self, name: str, instant: datetime) -> None:
        """Wake at the market's `instant`; replaces the alarm of that name."""
        wait = timedelta(seconds=max(0.0, self._clock.real_seconds_until(instant)))
        trigger = DateTrigger(run_date=datetime.now(UTC) + wait, timezone=UTC)
        self._scheduler.add_job(self._ring, trigger, id=name, replace_existing=True)

    async def _ring(self) -> None:
        self._wake()
