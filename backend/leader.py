"""Loops that must run once among all back ends: whoever holds the loop's row lease runs it.

A lease bounds who starts a step, not who finishes it: a step must be harmless when two overlap, by
locks and constraints of its own.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable

import structlog
from sqlalchemy import text

from backend import telemetry
from backend.database import transaction
from backend.models import PLATFORM
from backend.state import State

LEASE_SECONDS = 6.0
"""How long a lease holds without renewal, and at the same time the most that a step may take."""

LEAST_SECONDS = 4.0
"""A step begins under a lease that still holds for so long; one that does not is renewed first. So
quick loops ask Postgres for it every two seconds only.
"""

Step = Callable[[State], Awaitable[None]]

logger = structlog.get_logger()

_TAKE = text("""
    INSERT INTO backend.loop_lease (name, organisation_id, holder, until)
    VALUES (:name, :platform, :holder, clock_timestamp() + make_interval(secs => :seconds))
    ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until
    WHERE loop_lease.holder = excluded.holder OR loop_lease.until < clock_timestamp()
    RETURNING holder
""")
_GIVE_BACK = text("DELETE FROM backend.loop_lease WHERE name = :name AND holder = :holder")


async def run_once(
    state: State,
    name: str,
    step: Step,
    *,
    period_seconds: float,
    otherwise: Callable[[], None] | None = None,
) -> None:
    """Run `step` every `period_seconds` while this back end holds the lease `name`, for ever; while
    another holds it, call `otherwise`.

    A step that fails or takes longer than the lease is logged, and tried again. When the service
    ends, a step that runs may finish.
    """
    until = 0.0
    try:
        while not state.tasks.stopping.is_set():
            with state.tasks.step():
                held = await _try_step(state, name, step, until)
            until = held or 0.0
            if held is None and otherwise is not None:
                otherwise()
            if not state.tasks.stopping.is_set():
                await asyncio.sleep(period_seconds)
    finally:
        await _give_back(state, name)


async def _try_step(state: State, name: str, step: Step, until: float) -> float | None:
    """One step, if the lease is ours `until` (monotonic) long enough, or now; until when it is, and
    None when another holds it.
    """
    now = time.monotonic()
    try:
        if until - now < LEAST_SECONDS:
            until = 0.0
            async with asyncio.timeout(LEASE_SECONDS):
                if not await take_lease(state, name):
                    return None
            until = now + LEASE_SECONDS
        async with asyncio.timeout(until - time.monotonic()):
            await step(state)
    except Exception:
        logger.exception("loop_step_failed", loop=name)
        telemetry.loop_failures.labels(name).inc()
    return until


async def take_lease(state: State, name: str) -> bool:
    """Take or renew the lease; False while another holds it."""
    values = {
        "name": name,
        "platform": PLATFORM,
        "holder": state.name,
        "seconds": LEASE_SECONDS,
    }
    async with transaction(state.sessions) as session:
        return (await session.execute(_TAKE, values)).first() is not None


async def _give_back(state: State, name: str) -> None:
    """So that another goes on at once when this one ends in order."""
    try:
        async with asyncio.timeout(2), transaction(state.sessions) as session:
            await session.execute(_GIVE_BACK, {"name": name, "holder": state.name})
    except Exception as error:
        logger.warning("lease_not_given_back", loop=name, error=repr(error))
