"""Every query on API keys."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import Row, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from backend.models import ApiKey, Desk, User

USED_EVERY = timedelta(minutes=1)
"""A key's last use is noted so often at most: a write a request would cost more than it tells."""


async def by_digest(session: AsyncSession, digest: str) -> Row[ApiKey, User, Desk] | None:
    """The key with who made it and the desk, whatever state they are in."""
    statement = (
        select(ApiKey, User, Desk)
        .join(User, User.id == ApiKey.user_id)
        .join(Desk, Desk.id == ApiKey.desk_id)
        .where(ApiKey.digest == digest)
    )
    return (await session.execute(statement)).one_or_none()


async def note_use(session: AsyncSession, key: ApiKey) -> None:
    now = datetime.now(UTC)
    long_ago = or_(ApiKey.last_used_at.is_(None), ApiKey.last_used_at < now - USED_EVERY)
    statement = update(ApiKey).where(ApiKey.id == key.id, long_ago).values(last_used_at=now)
    await session.execute(statement.execution_options(synchronize_session=False))


async def key_page(
    session: AsyncSession, desk: str, *, before: str | None, limit: int
) -> Sequence[ApiKey]:
    """Newest first."""
    statement = select(ApiKey).where(ApiKey.desk_id == desk)
    if before is not None:
        statement = statement.where(ApiKey.id < before)
    return (await session.scalars(statement.order_by(ApiKey.id.desc()).limit(limit))).all()


async def lock_key(session: AsyncSession, desk: str, key_id: str) -> ApiKey | None:
    statement = select(ApiKey).where(ApiKey.desk_id == desk, ApiKey.id == key_id)
    return (await session.scalars(statement.with_for_update())).one_or_none()


async def usable_keys(session: AsyncSession, desk: str) -> int:
    """How many keys open the desk now."""
    statement = select(func.count()).where(
        ApiKey.desk_id == desk,
        ApiKey.revoked_at.is_(None),
        ApiKey.expires_at > datetime.now(UTC),
    )
    return (await session.scalars(statement)).one()
