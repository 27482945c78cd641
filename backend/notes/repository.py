"""Every query on notes."""

from collections.abc import Sequence

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from backend.models import Note, User, note_revisions

Row = tuple[Note, str]
"""A note and its author's login."""


async def page(
    session: AsyncSession, organisation: str, *, before: str | None, instrument: str, limit: int
) -> Sequence[Row]:
    """Newest first."""
    statement = (
        select(Note, User.login)
        .join(User, User.id == Note.author_id)
        .where(Note.organisation_id == organisation)
    )
    if before is not None:
        statement = statement.where(Note.id < before)
    if instrument:
        statement = statement.where(Note.instrument == instrument)
    found = await session.execute(statement.order_by(Note.id.desc()).limit(limit))
    return [(row[0], row[1]) for row in found]


async def one(
    session: AsyncSession, note_id: str, organisation: str, *, lock: bool = False
) -> Row | None:
    statement = (
        select(Note, User.login)
        .join(User, User.id == Note.author_id)
        .where(Note.id == note_id, Note.organisation_id == organisation)
    )
    if lock:
        statement = statement.with_for_update(of=Note)
    found = (await session.execute(statement)).one_or_none()
    return (found[0], found[1]) if found else None


async def count(session: AsyncSession, organisation: str) -> int:
    statement = select(func.count()).where(Note.organisation_id == organisation)
    return (await session.execute(statement)).scalar_one()


async def next_revision(session: AsyncSession) -> int:
    return int((await session.execute(select(note_revisions.next_value()))).scalar_one())


async def lock_all(session: AsyncSession, organisation: str) -> None:
    """One publishes at a time, until the transaction ends."""
    statement = text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))")
    await session.execute(statement, {"name": f"notes:{organisation}"})


async def states(session: AsyncSession) -> dict[str, tuple[int, int]]:
    """Organisation → how many notes it has, and their last revision."""
    statement = select(Note.organisation_id, func.count(), func.max(Note.revision)).group_by(
        Note.organisation_id
    )
    return {row[0]: (row[1], row[2]) for row in await session.execute(statement)}
