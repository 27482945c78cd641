"""A changed desk is told at once to whoever works with a copy of it: its snapshot for agents and
chat, its seat record for the pod that it sits on.
"""

import structlog

from backend.errors import STORE_AWAY
from backend.pods import service as pods
from backend.state import State
from backend.trading.announce import refresh

logger = structlog.get_logger()


async def tell(state: State, desk: str) -> None:
    """Never raises for a store that is away: the change is committed, and loops heal the copies."""
    try:
        await refresh(state, [desk])
        await pods.rewrite_record(state, desk)
    except STORE_AWAY as error:
        logger.warning("desk_change_not_told", desk=desk, error=repr(error))
