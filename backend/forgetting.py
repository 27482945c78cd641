"""Answers to mutations with an `Idempotency-Key` are kept for a day, and then forgotten."""

from sqlalchemy import text

from backend.database import transaction
from backend.leader import run_once
from backend.state import State

LOOP = "idempotent-answers"
PERIOD_SECONDS = 60.0
KEPT_HOURS = 24
AT_ONCE = 5_000

_FORGET = text("""
    DELETE FROM backend.idempotent_answer WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM backend.idempotent_answer
        WHERE created_at < now() - make_interval(hours => :hours) LIMIT :most
    ))
""")


async def run(state: State) -> None:
    """Forget for ever, in one back end."""
    await run_once(state, LOOP, forget, period_seconds=PERIOD_SECONDS)


async def forget(state: State) -> None:
    """One step, bounded: what is left is forgotten a minute later."""
    async with transaction(state.sessions) as session:
        await session.execute(_FORGET, {"hours": KEPT_HOURS, "most": AT_ONCE})
