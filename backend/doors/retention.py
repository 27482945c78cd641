"""What programs have asked is kept for a time, for traces, and then forgotten. What it has cost
stays with the usage; people's conversations are never touched.
"""

import time

import structlog
from sqlalchemy import text

from backend.database import transaction
from backend.leader import run_once
from backend.models import first_id
from backend.state import State

LOOP = "completions"
PERIOD_SECONDS = 60.0
AT_ONCE = 2_000
DAY_SECONDS = 86_400.0

_FORGET = text("""
    WITH gone AS MATERIALIZED (
        SELECT id FROM backend.thread
        WHERE api_key_id IS NOT NULL AND id < :before AND NOT EXISTS (
            SELECT FROM backend.run WHERE thread_id = thread.id AND state = 'running'
        )
        ORDER BY id LIMIT :most FOR UPDATE SKIP LOCKED
    ),
    messages AS (DELETE FROM backend.message WHERE thread_id IN (SELECT id FROM gone)),
    runs AS (DELETE FROM backend.run WHERE thread_id IN (SELECT id FROM gone))
    DELETE FROM backend.thread WHERE id IN (SELECT id FROM gone) RETURNING id
""")

logger = structlog.get_logger()


async def run(state: State) -> None:
    """Forget for ever, in one back end."""
    await run_once(state, LOOP, forget, period_seconds=PERIOD_SECONDS)


async def forget(state: State) -> None:
    """One step, bounded: what is left is forgotten a minute later."""
    days = state.settings.completions_days
    if days == 0:
        return
    before = first_id("thread", time.time() - days * DAY_SECONDS)
    async with transaction(state.sessions) as session:
        gone = (await session.scalars(_FORGET, {"before": before, "most": AT_ONCE})).all()
    if gone:
        logger.info("completions_forgotten", threads=len(gone))
