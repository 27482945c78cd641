"""Every query on accounts that operators make."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Row, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from backend.models import Desk, RefreshToken, User

AccountRow = Row[User, str | None]
"""An account, and the id of its desk."""


async def page(
    session: AsyncSession, organisation: str, *, after: str | None, limit: int
) -> Sequence[AccountRow]:
    """The organisation's accounts by login."""
    statement = (
        select(User, Desk.id)
        .outerjoin(Desk, Desk.user_id == User.id)
        .where(User.organisation_id == organisation)
        .order_by(User.login)
    )
    if after is not None:
        statement = statement.where(User.login > after)
    return (await session.execute(statement.limit(limit))).all()


async def locked(session: AsyncSession, organisation: str, user: str) -> AccountRow | None:
    """One account of the organisation, locked until the commit."""
    statement = (
        select(User, Desk.id)
        .outerjoin(Desk, Desk.user_id == User.id)
        .where(User.organisation_id == organisation, User.id == user)
        .with_for_update(of=User)
    )
    return (await session.execute(statement)).one_or_none()


async def revoke_tokens(session: AsyncSession, user: str, now: datetime) -> None:
    """End every sign-in of the account."""
    statement = (
        update(RefreshToken)
        .where(RefreshToken.user_id == user, RefreshToken.revoked_at.is_(None))
        .values(revoked_at=now)
    )
    await session.execute(statement)
