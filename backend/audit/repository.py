"""Every query on audit rows."""

from collections.abc import AsyncIterator, Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.models import AuditRow, Organisation


async def lock_head(session: AsyncSession, organisation: str) -> Organisation:
    """The organisation's row, which is the chain's head, read afresh and locked."""
    statement = (
        select(Organisation)
        .where(Organisation.id == organisation)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return (await session.scalars(statement)).one()


async def chain(session: AsyncSession, organisation: str) -> AsyncIterator[AuditRow]:
    statement = (
        select(AuditRow)
        .where(AuditRow.organisation_id == organisation)
        .order_by(AuditRow.number)
        .execution_options(yield_per=500)
    )
    async for row in await session.stream_scalars(statement):
        yield row


async def page(
    session: AsyncSession, organisation: str, *, below: int | None, subject: str | None, limit: int
) -> Sequence[AuditRow]:
    """Newest first, with numbers below `below`."""
    statement = select(AuditRow).where(AuditRow.organisation_id == organisation)
    if below is not None:
        statement = statement.where(AuditRow.number < below)
    if subject is not None:
        statement = statement.where(AuditRow.subject == subject)
    return (await session.scalars(statement.order_by(AuditRow.number.desc()).limit(limit))).all()
