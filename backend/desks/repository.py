"""Every query on desks."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Row, Select, func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from backend.models import Desk, Order, PolicyLine, Position, Seat, User
from backend.models.order import OPEN_STATES


@dataclass(frozen=True)
class DeskRow:
    """A desk with what its view needs of other tables."""

    desk: Desk
    owner: str
    champion: str | None
    seat: Seat | None


def _rows() -> Select[Desk, str, str, Seat]:
    return (
        select(Desk, User.login, PolicyLine.champion, Seat)
        .join(User, User.id == Desk.user_id)
        .outerjoin(PolicyLine, PolicyLine.id == Desk.policy_line)
        .outerjoin(Seat, Seat.desk_id == Desk.id)
    )


def _row(found: Row[Desk, str, str, Seat]) -> DeskRow:
    its, owner, champion, seat = found
    return DeskRow(its, owner, champion, seat)


async def desk(session: AsyncSession, desk_id: str, organisation: str) -> Desk | None:
    statement = select(Desk).where(Desk.id == desk_id, Desk.organisation_id == organisation)
    return (await session.scalars(statement)).one_or_none()


async def desk_of_user(session: AsyncSession, user: str) -> Desk | None:
    return (await session.scalars(select(Desk).where(Desk.user_id == user))).one_or_none()


async def lock(session: AsyncSession, desk_id: str) -> Desk:
    """The desk, read afresh and locked until the transaction ends."""
    statement = (
        select(Desk)
        .where(Desk.id == desk_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return (await session.scalars(statement)).one()


async def row(session: AsyncSession, desk_id: str) -> DeskRow:
    found = await session.execute(_rows().where(Desk.id == desk_id))
    return _row(found.one())


async def page(
    session: AsyncSession, organisation: str, *, after: str | None, limit: int
) -> Sequence[DeskRow]:
    statement = _rows().where(Desk.organisation_id == organisation).order_by(Desk.id)
    if after is not None:
        statement = statement.where(Desk.id > after)
    found = await session.execute(statement.limit(limit))
    return [_row(one) for one in found]


async def places(session: AsyncSession, pools: Collection[str]) -> dict[str, int]:
    """The place in its pool's queue of each desk of these pools that waits; 1 is next."""
    if not pools:
        return {}
    rank = func.row_number().over(partition_by=Desk.pool, order_by=(Desk.waiting_since, Desk.id))
    statement = select(Desk.id, rank).where(Desk.pool.in_(pools), Desk.waiting_since.is_not(None))
    return dict((await session.execute(statement)).all())


async def used_instruments(session: AsyncSession, desk_id: str) -> set[str]:
    """Instruments of which the desk holds something, or has ordered it."""
    held = select(Position.instrument).where(Position.desk_id == desk_id, Position.quantity != 0)
    ordered = select(Order.instrument).where(Order.desk_id == desk_id, text(OPEN_STATES))
    return set((await session.scalars(held.union(ordered))).all())


async def add_line(session: AsyncSession, line: dict[str, object]) -> PolicyLine:
    """The policy line of this id, made if there is none."""
    await session.execute(insert(PolicyLine).values(line).on_conflict_do_nothing())
    return await session.get_one(PolicyLine, line["id"])
