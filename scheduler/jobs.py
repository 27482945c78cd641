"""The loop that keeps the published plans equal to the wanted ones, and watches the pods.

Every pass compares and corrects, so a lost alarm, an emptied Redis or a store that was away leaves
nothing behind. It runs every few real seconds, and when an alarm or a change wakes it.
"""

import asyncio
import contextlib
import time
from datetime import datetime

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from ai_pod.contracts.directory import living_pods
from ai_pod.contracts.plan import Plan
from scheduler.alarm import Alarm
from scheduler.database import raise_revision
from scheduler.errors import StoreAway
from scheduler.lateness import Lateness
from scheduler.plan import HOUR, revision_of
from scheduler.planner import Planner
from scheduler.publish import Outcome, Publication, Publisher
from scheduler.telemetry import Telemetry

logger = structlog.get_logger()


class Reconciler:
    """One pass after another: read the inputs, plan, publish, set the alarms, compare the pods.
    `turned_at` (monotonic) is when the last one began.
    """

    def __init__(
        self,
        planner: Planner,
        publisher: Publisher,
        redis: Redis,
        lateness: Lateness,
        telemetry: Telemetry,
    ) -> None:
        self._planner = planner
        self._publisher = publisher
        self._redis = redis
        self._lateness = lateness
        self._telemetry = telemetry
        self._woken = asyncio.Event()
        self._stopped = False
        self._alarm = Alarm(planner.clock, self.wake)
        self._settled: set[str] = set()
        self.turned_at = time.monotonic()

    def wake(self) -> None:
        """Have the next pass now."""
        self._woken.set()

    def stop(self) -> None:
        """Have `run` end. Cancel it besides to end it in the middle of a pass; cancelling alone may
        be lost: on Python 3.11 redis-py's `wait_for` can swallow it.
        """
        self._stopped = True
        self.wake()

    async def run(self, every_seconds: float) -> None:
        """Pass after pass until stopped; a failed pass is logged and the next one tries again."""
        self._alarm.start()
        try:
            while not self._stopped:
                self.turned_at = time.monotonic()
                self._woken.clear()
                try:
                    await self.reconcile()
                except Exception:
                    logger.exception("reconciliation failed")
                await self._rest(every_seconds)
        finally:
            self._alarm.close()

    async def reconcile(self) -> None:
        """One pass. Stores that are away are noted and waited for."""
        await self._read()
        if not self._planner.ready:
            return
        now = self._planner.clock.now()
        plans = self._planner.plans(now)
        self._set_alarms(plans, now)
        try:
            for plan in plans:
                publication = await self._publisher.publish(plan)
                self._telemetry.on_published(publication)
                await self._settle(publication, now)
            pods = self._lateness.compare(await living_pods(self._redis), plans)
        except (RedisError, OSError) as error:
            self._telemetry.on_store("redis", up=False)
            logger.warning("Redis is away", error=repr(error))
            return
        except StoreAway as error:
            self._on_postgres_away(error)
            return
        self._telemetry.on_store("redis", up=True)
        self._telemetry.on_pods([plan.pool for plan in plans], pods)

    async def _rest(self, seconds: float) -> None:
        if self._stopped:
            return
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._woken.wait()

    async def _read(self) -> None:
        try:
            await self._planner.read()
        except StoreAway as error:
            self._on_postgres_away(error)
        else:
            self._telemetry.on_store("postgres", up=True)

    def _on_postgres_away(self, error: StoreAway) -> None:
        self._telemetry.on_store("postgres", up=False)
        logger.warning("Postgres is away", code=error.code, error=error.detail)

    def _set_alarms(self, plans: list[Plan], now: datetime) -> None:
        for plan in plans:
            pods = ["", *plan.exceptions]
            changes = [change.starts for pod in pods if (change := plan.next_after(pod, now))]
            self._alarm.set(plan.pool, min([*changes, plan.computed_at + HOUR]))

    async def _settle(self, publication: Publication, now: datetime) -> None:
        """Lift our revision where the published plan would otherwise keep ours out for ever: after
        Postgres lost its last changes, after the clock was set back, or, once per start, after the
        configuration changed.
        """
        wanted, published = publication.wanted, publication.published
        first, outcome = wanted.pool not in self._settled, publication.outcome
        self._settled.add(wanted.pool)
        if outcome is Outcome.LOWER:
            seen = (await self._planner.read()).revision
            behind = revision_of(published.version) > seen
            ahead_of_time = published.segments[0].starts > now
            ours_too_old = behind or ahead_of_time
        else:
            seen = revision_of(wanted.version)
            ours_too_old = outcome is Outcome.DIFFERENT and first
        if not ours_too_old:
            return
        to = max(seen, revision_of(published.version)) + 1
        logger.warning("revision lifted over the published plan", pool=wanted.pool, to=to)
        async with self._planner.database.transaction() as connection:
            await raise_revision(connection, seen=seen, to=to)
        self.wake()
