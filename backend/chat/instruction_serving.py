"""What answers whom: Postgres says it, under one lock; Redis is told after the commit, and told
again by the mirror whatever it loses.
"""

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from ai_pod.contracts.instructions import (
    PRODUCTION,
    SHIPPED,
    Instructions,
    InstructionsClient,
    Serving,
    shipped,
)
from backend.chat import instruction_repository as repository
from backend.database import after_commit, transaction
from backend.leader import run_once
from backend.models import PLATFORM, InstructionMove, InstructionServing, MoveKind
from backend.state import State

AGENT = "chatbot"
MIRROR_SECONDS = 10.0

logger = structlog.get_logger()


def client(state: State) -> InstructionsClient:
    return InstructionsClient(state.redis, AGENT)


async def opened(session: AsyncSession) -> InstructionServing:
    """The lock of every change. An installation without instructions gets the shipped ones."""
    row = await repository.lock_serving(session, AGENT)
    if not row.revision:
        first = await repository.add_version(session, AGENT, shipped().text, SHIPPED)
        row.revision = 1
        await repository.point(
            session,
            InstructionMove(
                agent=AGENT,
                revision=row.revision,
                organisation_id=PLATFORM,
                label=PRODUCTION,
                kind=MoveKind.MOVED,
                version=first.version,
                reason="shipped",
                moved_by=SHIPPED,
            ),
        )
    return row


async def tell(session: AsyncSession, state: State, row: InstructionServing) -> None:
    """Once this is committed, Redis says it too; the mirror does when Redis is away."""
    serving, texts = await _stands(session, row)

    async def say() -> None:
        await client(state).put(texts)
        await client(state).publish(serving)

    after_commit(session, say)


async def _stands(
    session: AsyncSession, row: InstructionServing
) -> tuple[Serving, list[Instructions]]:
    """What answers whom, with the versions that may be asked for next: those, and the newest."""
    await session.flush()
    labels = await repository.labels(session, AGENT)
    newest = await repository.versions(session, AGENT, below=None, limit=1)
    texts = await repository.these(session, AGENT, set(labels.values()))
    serving = Serving(revision=row.revision, labels=labels, canary_percent=row.canary_percent)
    return serving, texts + newest


async def mirror(state: State) -> None:
    """Give Redis what it has lost, once among all back ends, for ever."""
    await run_once(state, "instructions", restore, period_seconds=MIRROR_SECONDS)


async def restore(state: State) -> None:
    """Let Redis say what Postgres says."""
    redis = client(state)
    said, known = await redis.serving(), await redis.numbers()
    async with transaction(state.sessions) as session:
        row = await opened(session)
        # Where Postgres was put back to an older state, what it says now is the truth all the same.
        row.revision = max(row.revision, said.revision)
        serving, _ = await _stands(session, row)
        missing = await repository.numbers(session, AGENT) - known
        texts = await repository.these(session, AGENT, missing)
    await redis.put(texts)
    if serving != said:
        logger.info("instructions_restored", revision=serving.revision, versions=len(texts))
        await redis.publish(serving)
