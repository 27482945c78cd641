"""The recorder's loop: what pods report on `ai:usage`, into Postgres."""

import msgspec
import structlog

from ai_pod.contracts import keys
from ai_pod.contracts.usage import UsageReported
from backend.database import transaction
from backend.errors import STORE_AWAY
from backend.state import State
from backend.streams import Entry, Group
from backend.usage import repository

BATCH = 64
BLOCK_MS = 5_000
CLAIM_IDLE_MS = 15_000
KEEP = 1_000

logger = structlog.get_logger()


async def run(state: State) -> None:
    """Record until the service ends. Raises what Redis or Postgres raises; start it again."""
    group = Group(state.redis, keys.usage(), "usage", state.name)
    with state.tasks.step():
        await _record_all(state, group, await group.pending(count=BATCH))
    while not state.tasks.stopping.is_set():
        await step(state, group)


async def step(state: State, group: Group, block_ms: int = BLOCK_MS) -> None:
    """One round: what others left behind, then what is new."""
    left = await group.claimed(idle_ms=CLAIM_IDLE_MS, count=BATCH)
    fresh = await group.fresh(block_ms=block_ms, count=BATCH)
    with state.tasks.step():
        await _record_all(state, group, [*left, *fresh])


async def _record_all(state: State, group: Group, entries: list[Entry]) -> None:
    """Recording twice changes nothing, so an entry is acknowledged after its commit."""
    for entry, message in entries:
        await _record(state, entry, message)
        await group.acknowledge([entry])
    if entries:
        await group.trim(keep=KEEP)


async def _record(state: State, entry: str, message: bytes) -> None:
    """Raises while a store is away; anything else that fails is logged and let go."""
    try:
        report = msgspec.json.decode(message, type=UsageReported)
        async with transaction(state.sessions) as session:
            await repository.record(session, report)
    except STORE_AWAY:
        raise
    except Exception:
        logger.exception("usage_report_failed", entry=entry)
