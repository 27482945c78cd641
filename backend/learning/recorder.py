"""The recorder's loop: what the nights announce on `ai:learning`, into Postgres, each once."""

import msgspec
import structlog

from ai_pod.contracts import keys
from ai_pod.contracts.learning import (
    LearningEvent,
    LearningProgressed,
    ShadowReported,
    TrialFinished,
)
from backend.database import transaction
from backend.errors import STORE_AWAY
from backend.learning import service
from backend.state import State
from backend.streams import Entry, Group

BATCH = 64
BLOCK_MS = 500
CLAIM_IDLE_MS = 5_000
KEEP = 2_000

logger = structlog.get_logger()


async def run(state: State) -> None:
    """Record until the service ends. Raises what Redis or Postgres raises; start it again."""
    recorder = Recorder(state)
    with state.tasks.step():
        await recorder.work_through(await recorder.group.pending(count=BATCH))
    while not state.tasks.stopping.is_set():
        with state.tasks.step():
            await recorder.step()


class Recorder:
    """One consumer of the group `recorder`."""

    def __init__(self, state: State) -> None:
        self._state = state
        self.group = Group(state.redis, keys.learning(), "recorder", state.name)

    async def step(self, block_ms: int = BLOCK_MS) -> int:
        """One round: what others left behind, then what is new; how many were recorded."""
        left = await self.group.claimed(idle_ms=CLAIM_IDLE_MS, count=BATCH)
        fresh = await self.group.fresh(block_ms=block_ms, count=BATCH)
        done = await self.work_through([*left, *fresh])
        if done:
            await self.group.trim(keep=KEEP)
        return done

    async def work_through(self, entries: list[Entry]) -> int:
        for entry, message in entries:
            await self._settle(entry, message)
            await self.group.acknowledge([entry])
        return len(entries)

    async def _settle(self, entry: str, message: bytes) -> None:
        """Raises while a store is away; anything else that fails is logged and let go."""
        try:
            await self._record(msgspec.json.decode(message, type=LearningEvent))
        except STORE_AWAY:
            raise
        except Exception:
            logger.exception("learning_event_failed", entry=entry)

    async def _record(self, event: LearningEvent) -> None:
        if isinstance(event, LearningProgressed):
            return
        async with transaction(self._state.sessions) as session:
            if isinstance(event, TrialFinished):
                await service.record_trial(session, event)
            elif isinstance(event, ShadowReported):
                await service.record_report(session, self._state, event)
            else:
                await service.record_verdict(session, self._state, event)
