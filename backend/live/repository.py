"""Every query of the live socket."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.models import Desk, Seat


@dataclass(frozen=True)
class Sitting:
    """Where a desk sits; `pod` is None while it has no seat, `waiting` while it wants one."""

    desk: str
    pool: str
    pod: str | None
    waiting: bool


async def sittings(session: AsyncSession, desks: Sequence[str]) -> list[Sitting]:
    statement = (
        select(Desk.id, Desk.pool, Seat.pod, Desk.waiting_since)
        .outerjoin(Seat, Seat.desk_id == Desk.id)
        .where(Desk.id.in_(desks))
    )
    rows = await session.execute(statement)
    return [Sitting(desk, pool, pod, since is not None) for desk, pool, pod, since in rows]
