"""Every query on audit rows."""

from collections.abc import Sequence

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


async def head(session: AsyncSession, organisation: str) -> Organisation:
    """The chain's head as it is committed now."""
    statement = select(Organisation).where(Organisation.id == organisation)
    return (await session.scalars(statement.execution_options(populate_existing=True))).one()


async def rows_after(
    session: AsyncSession, organisation: str, number: int, limit: int
) -> Sequence[AuditRow]:
    """Oldest first, with numbers above `number`."""
    statement = (
        select(AuditRow)
        .where(AuditRow.organisation_id == organisation, AuditRow.number > number)
        .order_by(AuditRow.number)
        .limit(limit)
    )
    return (await session.scalars(statement)).all()


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
