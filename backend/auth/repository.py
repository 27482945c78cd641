"""Every query on accounts and refresh tokens."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from backend.models import Desk, Organisation, RefreshToken, User


async def active_user(session: AsyncSession, user: str) -> User | None:
    statement = select(User).where(User.id == user, User.disabled_at.is_(None))
    return (await session.scalars(statement)).one_or_none()


async def user_by_login(session: AsyncSession, login: str) -> User | None:
    """Disabled accounts too: the caller decides."""
    return (await session.scalars(select(User).where(User.login == login.lower()))).one_or_none()


async def organisation(session: AsyncSession, organisation_id: str) -> Organisation:
    return await session.get_one(Organisation, organisation_id)


async def organisation_by_name(session: AsyncSession, name: str) -> Organisation | None:
    statement = select(Organisation).where(Organisation.name == name)
    return (await session.scalars(statement)).one_or_none()


async def refresh_token(session: AsyncSession, digest: str) -> RefreshToken | None:
    """The token, locked, so that two uses at once are told apart."""
    statement = select(RefreshToken).where(RefreshToken.digest == digest).with_for_update()
    return (await session.scalars(statement)).one_or_none()


async def revoke_family(session: AsyncSession, family: str) -> None:
    statement = (
        update(RefreshToken)
        .where(RefreshToken.family == family, RefreshToken.revoked_at.is_(None))
        .values(revoked_at=datetime.now(UTC))
    )
    await session.execute(statement)


async def delete_expired(session: AsyncSession, user: str) -> None:
    """Tokens that expired more than a week ago; until then their reuse is still recognised."""
    long_ago = datetime.now(UTC) - timedelta(days=7)
    statement = delete(RefreshToken).where(
        RefreshToken.user_id == user, RefreshToken.expires_at < long_ago
    )
    await session.execute(statement)


async def desk_of(session: AsyncSession, user: str) -> str | None:
    return (await session.scalars(select(Desk.id).where(Desk.user_id == user))).one_or_none()
