"""The loop that makes Redis agree with Postgres again: every desk's snapshot, rewritten when it is
missing or old.
"""

from backend.leader import run_once
from backend.state import State
from backend.trading.announce import refresh

LOOP = "desk-snapshots"
PERIOD_SECONDS = 10.0


async def run(state: State) -> None:
    """Refresh the snapshots of all desks for ever, in one back end."""
    await run_once(state, LOOP, lambda its: refresh(its, None), period_seconds=PERIOD_SECONDS)
