"""The recorder's loops: what pods report on `ai:usage` and `ai:model-requests`, into Postgres."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import msgspec
import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from ai_pod.contracts import keys
from ai_pod.contracts.budgets import ModelAsked
from ai_pod.contracts.usage import UsageReported
from backend import telemetry
from backend.database import after_commit, transaction
from backend.errors import STORE_AWAY
from backend.state import State
from backend.streams import Entry, Group
from backend.usage import repository

BATCH = 64
BLOCK_MS = 5_000
CLAIM_IDLE_MS = 15_000
KEEP = 1_000

logger = structlog.get_logger()


@dataclass(frozen=True)
class Reports:
    """A stream of reports, and how one is recorded. Recording one twice changes nothing."""

    stream: str
    record: Callable[[AsyncSession, bytes], Awaitable[None]]


async def _of_desks(session: AsyncSession, message: bytes) -> None:
    await repository.record(session, msgspec.json.decode(message, type=UsageReported))


async def _of_models(session: AsyncSession, message: bytes) -> None:
    asked = msgspec.json.decode(message, type=ModelAsked)
    if await repository.record_request(session, asked) and asked.settled:

        async def count() -> None:
            tokens, cost = telemetry.model_tokens, asked.cost
            tokens.labels(asked.model, "input").inc(cost.input_tokens)
            tokens.labels(asked.model, "output").inc(cost.output_tokens)
            telemetry.model_usd.labels(asked.model).inc(float(cost.usd))

        # Not before: what is not committed is delivered again.
        after_commit(session, count)


DESKS = Reports(keys.usage(), _of_desks)
MODELS = Reports(keys.model_requests(), _of_models)


async def run(state: State) -> None:
    """Record what desks cost until the service ends. Raises what Redis or Postgres raises; start it
    again.
    """
    await _follow(state, DESKS)


async def run_models(state: State) -> None:
    """The same for what language models cost."""
    await _follow(state, MODELS)


async def _follow(state: State, reports: Reports) -> None:
    group = Group(state.redis, reports.stream, "usage", state.name)
    with state.tasks.step():
        await _record_all(state, reports, group, await group.pending(count=BATCH))
    while not state.tasks.stopping.is_set():
        left = await group.claimed(idle_ms=CLAIM_IDLE_MS, count=BATCH)
        fresh = await group.fresh(block_ms=BLOCK_MS, count=BATCH)
        with state.tasks.step():
            await _record_all(state, reports, group, [*left, *fresh])


async def _record_all(state: State, reports: Reports, group: Group, entries: list[Entry]) -> None:
    """An entry is acknowledged after its commit."""
    for entry, message in entries:
        await _record(state, reports, entry, message)
        await group.acknowledge([entry])
    if entries:
        await group.trim(keep=KEEP)


async def _record(state: State, reports: Reports, entry: str, message: bytes) -> None:
    """Raises while a store is away; anything else that fails is logged and let go."""
    try:
        async with transaction(state.sessions) as session:
            await reports.record(session, message)
    except STORE_AWAY:
        raise
    except Exception:
        logger.exception("usage_report_failed", entry=entry, stream=reports.stream)
