"""Every query on intents."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from backend.models import Intent, IntentState


async def add(session: AsyncSession, values: dict[str, Any]) -> Intent:
    """The run's intent: this one, or the one that the run has had before."""
    await session.execute(insert(Intent).values(values).on_conflict_do_nothing())
    statement = select(Intent).where(Intent.run_id == values["run_id"])
    return (await session.scalars(statement)).one()


async def of_user(
    session: AsyncSession, intent_id: str, user: str, *, lock: bool = False
) -> Intent | None:
    """The user's own, read afresh; nobody sees another's."""
    statement = select(Intent).where(Intent.id == intent_id, Intent.user_id == user)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return (await session.scalars(statement)).one_or_none()


async def page(
    session: AsyncSession, user: str, *, before: str | None, open_at: datetime | None, limit: int
) -> Sequence[Intent]:
    """Newest first; with `open_at` those that could be confirmed then."""
    statement = select(Intent).where(Intent.user_id == user)
    if before is not None:
        statement = statement.where(Intent.id < before)
    if open_at is not None:
        statement = statement.where(
            Intent.state == IntentState.PREPARED, Intent.expires_at > open_at
        )
    return (await session.scalars(statement.order_by(Intent.id.desc()).limit(limit))).all()
