"""Every query of the live socket."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.desks import repository as queue
from backend.models import Desk, Seat, User


@dataclass(frozen=True)
class Sitting:
    """Where a desk sits; `pod` is None while it has no seat. `waiting` is its place among those of
    its pool that want one, 1 is next; None when it does not.
    """

    desk: str
    pool: str
    pod: str | None
    waiting: int | None


async def sittings(session: AsyncSession, desks: Sequence[str]) -> list[Sitting]:
    statement = (
        select(Desk.id, Desk.pool, Seat.pod, Desk.waiting_since)
        .outerjoin(Seat, Seat.desk_id == Desk.id)
        .where(Desk.id.in_(desks))
    )
    rows = (await session.execute(statement)).all()
    pools = {pool for _, pool, _, since in rows if since is not None}
    places = await queue.places(session, pools)
    return [Sitting(desk, pool, pod, places.get(desk)) for desk, pool, pod, _ in rows]


async def roles(session: AsyncSession, users: Collection[str]) -> dict[str, str]:
    """The role of each of these accounts that is there and not disabled."""
    statement = select(User.id, User.role).where(User.id.in_(users), User.disabled_at.is_(None))
    return {row.id: row.role for row in await session.execute(statement)}


async def without_seat(session: AsyncSession, desks: Collection[str]) -> Sequence[str]:
    """Those of the desks that neither have a seat nor wait for one."""
    statement = (
        select(Desk.id)
        .outerjoin(Seat, Seat.desk_id == Desk.id)
        .where(Desk.id.in_(desks), Seat.desk_id.is_(None), Desk.waiting_since.is_(None))
        .order_by(Desk.id)
    )
    return (await session.scalars(statement)).all()
