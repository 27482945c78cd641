"""Plans from what Postgres holds. The last inputs read are kept, so that the horizon goes on while
Postgres is away.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog

from ai_pod.contracts.plan import Plan
from market.clock import Clock
from market.errors import CalendarError
from scheduler import overrides, patches
from scheduler.database import Database, current_revision
from scheduler.errors import StoreAway
from scheduler.plan import AHEAD, Inputs, horizon, plan, sessions_for
from scheduler.pools import Pool

logger = structlog.get_logger()


class Planner:
    """Reads inputs, and plans for all pools by the market's clock."""

    def __init__(self, database: Database, pools: Sequence[Pool], clock: Clock) -> None:
        self.database = database
        self.pools = tuple(pools)
        self.clock = clock
        self._inputs: Inputs | None = None

    @property
    def inputs(self) -> Inputs:
        """The last inputs read. Raises StoreAway before the first."""
        if self._inputs is None:
            raise StoreAway(
                "plan_not_ready",
                "the scheduler has not read overrides and patches since it started; "
                "Postgres may be away; the published plan stays in force",
            )
        return self._inputs

    @property
    def ready(self) -> bool:
        return self._inputs is not None

    async def read(self) -> Inputs:
        """The inputs as they are now, all of one moment. Raises StoreAway."""
        starts = horizon(self.clock.now())[0]
        async with self.database.snapshot() as connection:
            self._inputs = Inputs(
                revision=await current_revision(connection),
                overrides=await overrides.holding_after(connection, starts),
                patches=await patches.holding_from(connection, starts.date()),
            )
        return self._inputs

    async def refresh(self) -> Inputs:
        """The inputs as they are now, or the last ones read while Postgres is away."""
        try:
            return await self.read()
        except StoreAway:
            return self.inputs

    def plans(self, now: datetime) -> list[Plan]:
        """Every pool's plan by the last inputs read. A pool whose calendar does not reach that far
        is left out, and said so in the log.
        """
        made = []
        for pool in self.pools:
            try:
                made.append(self._plan(pool, now, AHEAD))
            except CalendarError as error:
                logger.error("no plan for the pool", pool=pool.name, error=str(error))
        return made

    def outlook(self, now: datetime, ahead: timedelta) -> list[Plan]:
        """The plans as far ahead as people look, by the same rules; of a pool whose calendar is
        not known that far, what is published.
        """
        return [self._further(one, now, ahead) for one in self.plans(now)]

    def _further(self, published: Plan, now: datetime, ahead: timedelta) -> Plan:
        pool = next(pool for pool in self.pools if pool.name == published.pool)
        try:
            return self._plan(pool, now, ahead) if ahead > AHEAD else published
        except CalendarError:
            return published

    def _plan(self, pool: Pool, now: datetime, ahead: timedelta) -> Plan:
        return plan(pool, sessions_for(pool, now, ahead), self.inputs, now, ahead)
