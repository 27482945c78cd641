"""Loops that must run once among all back ends: whoever holds the loop's row lease runs it.

A lease bounds who starts a step, not who finishes it: a step must be harmless when two overlap, by
locks and constraints of its own.
"""

import asyncio
from collections.abc import Awaitable, Callable

import structlog
from sqlalchemy import text

from backend import telemetry
from backend.database import transaction
from backend.models import PLATFORM
from backend.state import State

LEASE_SECONDS = 6.0
"""How long a lease holds without renewal, and at the same time the most that a step may take."""

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
    try:
        while not state.tasks.stopping.is_set():
            with state.tasks.step():
                ours = await _try_step(state, name, step)
            if not ours and otherwise is not None:
                otherwise()
            if not state.tasks.stopping.is_set():
                await asyncio.sleep(period_seconds)
    finally:
        await _give_back(state, name)


async def _try_step(state: State, name: str, step: Step) -> bool:
    """False when another holds the lease."""
    try:
        async with asyncio.timeout(LEASE_SECONDS):
            if not await take_lease(state, name):
                return False
            await step(state)
    except Exception:
        logger.exception("loop_step_failed", loop=name)
        telemetry.loop_failures.labels(name).inc()
    return True


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
    except Exception:
        logger.warning("lease_not_given_back", loop=name)
