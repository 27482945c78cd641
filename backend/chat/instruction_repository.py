"""Every query on instructions: versions, labels, their moves, what answers whom; and on questions.

`agent` is whose instructions they are.
"""

from collections.abc import Collection, Sequence

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from ai_pod.contracts.instructions import Instructions
from backend.models import (
    PLATFORM,
    InstructionLabel,
    InstructionMove,
    InstructionServing,
    InstructionVersion,
    SavedQuestion,
)


async def lock_serving(session: AsyncSession, agent: str) -> InstructionServing:
    """The agent's row, locked until the transaction ends; made if it is missing."""
    made = insert(InstructionServing).values(agent=agent, organisation_id=PLATFORM)
    await session.execute(made.on_conflict_do_nothing())
    statement = (
        select(InstructionServing)
        .where(InstructionServing.agent == agent)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return (await session.scalars(statement)).one()


async def serving(session: AsyncSession, agent: str) -> InstructionServing | None:
    return await session.get(InstructionServing, agent)


async def add_version(session: AsyncSession, agent: str, text: str, author: str) -> Instructions:
    """The next version. The caller holds the agent's lock."""
    newest = select(func.coalesce(func.max(InstructionVersion.version), 0)).where(
        InstructionVersion.agent == agent
    )
    row = InstructionVersion(
        agent=agent,
        version=(await session.scalars(newest)).one() + 1,
        organisation_id=PLATFORM,
        text=text,
        author=author,
    )
    session.add(row)
    await session.flush()
    await session.refresh(row, ["created_at"])
    return _word(row)


async def version(session: AsyncSession, agent: str, number: int) -> Instructions | None:
    row = await session.get(InstructionVersion, (agent, number))
    return None if row is None else _word(row)


async def versions(
    session: AsyncSession, agent: str, *, below: int | None, limit: int
) -> list[Instructions]:
    """Newest first."""
    statement = select(InstructionVersion).where(InstructionVersion.agent == agent)
    if below is not None:
        statement = statement.where(InstructionVersion.version < below)
    newest = statement.order_by(InstructionVersion.version.desc()).limit(limit)
    return [_word(row) for row in await session.scalars(newest)]


async def numbers(session: AsyncSession, agent: str) -> set[int]:
    statement = select(InstructionVersion.version).where(InstructionVersion.agent == agent)
    return set(await session.scalars(statement))


async def these(session: AsyncSession, agent: str, numbers: Collection[int]) -> list[Instructions]:
    statement = select(InstructionVersion).where(
        InstructionVersion.agent == agent, InstructionVersion.version.in_(numbers)
    )
    return [_word(row) for row in await session.scalars(statement)]


async def labels(session: AsyncSession, agent: str) -> dict[str, int]:
    """Label → the version that it points at."""
    statement = select(InstructionLabel).where(InstructionLabel.agent == agent)
    return {row.label: row.version for row in await session.scalars(statement)}


async def point(session: AsyncSession, move: InstructionMove) -> None:
    """Enter the move, and let its label stand where it says."""
    session.add(move)
    await session.flush()
    if move.version is None:
        await session.execute(
            delete(InstructionLabel).where(
                InstructionLabel.agent == move.agent, InstructionLabel.label == move.label
            )
        )
        return
    values = {"version": move.version, "moved_by": move.moved_by, "moved_at": func.now()}
    made = insert(InstructionLabel).values(
        agent=move.agent, label=move.label, organisation_id=PLATFORM, **values
    )
    await session.execute(
        made.on_conflict_do_update(index_elements=["agent", "label"], set_=values)
    )


async def last_move(session: AsyncSession, agent: str, label: str) -> InstructionMove | None:
    found = await moves(session, agent, label, below=None, limit=1)
    return found[0] if found else None


async def move_at(session: AsyncSession, agent: str, revision: int) -> InstructionMove | None:
    return await session.get(InstructionMove, (agent, revision))


async def moves(
    session: AsyncSession, agent: str, label: str, *, below: int | None, limit: int
) -> Sequence[InstructionMove]:
    """Newest first."""
    statement = select(InstructionMove).where(
        InstructionMove.agent == agent, InstructionMove.label == label
    )
    if below is not None:
        statement = statement.where(InstructionMove.revision < below)
    newest = statement.order_by(InstructionMove.revision.desc()).limit(limit)
    return (await session.scalars(newest)).all()


async def questions(
    session: AsyncSession, organisation: str, *, after: str | None, limit: int
) -> Sequence[SavedQuestion]:
    """Oldest first."""
    statement = select(SavedQuestion).where(SavedQuestion.organisation_id == organisation)
    if after is not None:
        statement = statement.where(SavedQuestion.id > after)
    return (await session.scalars(statement.order_by(SavedQuestion.id).limit(limit))).all()


async def question(
    session: AsyncSession, question_id: str, organisation: str
) -> SavedQuestion | None:
    statement = select(SavedQuestion).where(
        SavedQuestion.id == question_id, SavedQuestion.organisation_id == organisation
    )
    return (await session.scalars(statement)).one_or_none()


async def how_many_questions(session: AsyncSession, organisation: str) -> int:
    statement = select(func.count()).where(SavedQuestion.organisation_id == organisation)
    return (await session.scalars(statement)).one()


def _word(row: InstructionVersion) -> Instructions:
    return Instructions(
        version=row.version, text=row.text, created_by=row.author, created_at=row.created_at
    )
