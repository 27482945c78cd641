"""Every query on orders, fills, positions and the decisions behind them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.models import (
    Decision,
    Desk,
    EquityPoint,
    Fill,
    Order,
    Organisation,
    PolicyLine,
    Position,
    Seat,
)
from backend.trading.condition_rows import causes, scopes_of, standing_of
from backend.trading.desk_states import Standing
from backend.trading.states import OPEN, OrderState

RECENT_FILLS = 20
_OPEN = tuple(str(state) for state in OPEN)


@dataclass(frozen=True)
class Facts:
    """What execution asks about a desk besides its books."""

    decided: bool
    standing: Standing
    day_start_equity: Decimal
    orders_last_minute: int


async def lock_seated_desk(session: AsyncSession, desk: str, lease_epoch: int) -> Desk | None:
    """The desk, locked, if this lease still holds its seat, which cannot move before the
    transaction ends. The seat is locked first, as everywhere.
    """
    statement = (
        select(Desk)
        .select_from(Seat)
        .join(Desk, Desk.id == Seat.desk_id)
        .where(Seat.desk_id == desk, Seat.lease_epoch == lease_epoch)
        .with_for_update(key_share=True, of=[Seat, Desk])
        .execution_options(populate_existing=True)
    )
    return (await session.scalars(statement)).one_or_none()


async def facts(
    session: AsyncSession, desk: Desk, now: datetime, bar_end: datetime | None = None
) -> Facts:
    """Of a locked desk at market time `now`; in one round trip."""
    day = day_of(now)
    minute = now - timedelta(minutes=1)
    statement = select(
        exists().where(Decision.desk_id == desk.id, Decision.bar_end == bar_end),
        Organisation.halted,
        Organisation.halt_reason,
        causes(scopes_of(desk)),
        select(EquityPoint.equity)
        .where(EquityPoint.desk_id == desk.id, EquityPoint.bar_end < day)
        .order_by(EquityPoint.bar_end.desc())
        .limit(1)
        .scalar_subquery(),
        select(func.count())
        .where(
            Order.desk_id == desk.id,
            Order.created_at > minute,
            Order.state != OrderState.DENIED,
        )
        .scalar_subquery(),
    ).where(Organisation.id == desk.organisation_id)
    decided, halted, reason, held, equity, orders = (await session.execute(statement)).one()
    return Facts(
        decided=decided,
        standing=standing_of(desk, halted, reason, held),
        day_start_equity=desk.starting_cash if equity is None else equity,
        orders_last_minute=orders,
    )


def day_of(now: datetime) -> datetime:
    """When the market day of `now` began: daily losses are counted from there."""
    return now.replace(hour=0, minute=0, second=0, microsecond=0)


async def lock_desk(session: AsyncSession, desk: str) -> Desk | None:
    """The desk, read afresh; nobody else changes its money before the transaction ends."""
    statement = (
        select(Desk)
        .where(Desk.id == desk)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return (await session.scalars(statement)).one_or_none()


async def lock_desks(session: AsyncSession, organisation: str) -> Sequence[Desk]:
    statement = select(Desk).where(Desk.organisation_id == organisation).order_by(Desk.id)
    locked = statement.with_for_update(key_share=True)
    return (await session.scalars(locked.execution_options(populate_existing=True))).all()


async def organisation(session: AsyncSession, organisation_id: str) -> Organisation:
    statement = select(Organisation).where(Organisation.id == organisation_id)
    return (await session.scalars(statement.execution_options(populate_existing=True))).one()


async def positions(session: AsyncSession, desks: Sequence[str]) -> Sequence[Position]:
    statement = select(Position).where(Position.desk_id.in_(desks)).order_by(Position.instrument)
    return (await session.scalars(statement.execution_options(populate_existing=True))).all()


async def open_orders(session: AsyncSession, desks: Sequence[str]) -> Sequence[Order]:
    statement = select(Order).where(Order.desk_id.in_(desks), Order.state.in_(_OPEN))
    return (
        await session.scalars(
            statement.order_by(Order.id).execution_options(populate_existing=True)
        )
    ).all()


async def working(session: AsyncSession, *, after: str, limit: int) -> Sequence[Order]:
    """Orders of all desks that the paper broker may fill, oldest first, from the one after `after`
    on.
    """
    states = [OrderState.ACCEPTED, OrderState.PARTIALLY_FILLED]
    statement = select(Order).where(
        Order.venue == "paper", Order.state.in_(states), Order.id > after
    )
    return (await session.scalars(statement.order_by(Order.id).limit(limit))).all()


async def order(session: AsyncSession, desk: str, order_id: str) -> Order | None:
    statement = select(Order).where(Order.desk_id == desk, Order.id == order_id)
    return (await session.scalars(statement)).one_or_none()


async def order_by_client(session: AsyncSession, desk: str, client_order_id: str) -> Order | None:
    statement = select(Order).where(Order.desk_id == desk, Order.client_order_id == client_order_id)
    return (await session.scalars(statement)).one_or_none()


async def group(session: AsyncSession, desk: str, oco_group: str) -> Sequence[Order]:
    """The orders that exclude each other, but for the denied ones."""
    statement = select(Order).where(Order.desk_id == desk, Order.oco_group == oco_group)
    return (await session.scalars(statement.where(Order.state != OrderState.DENIED))).all()


async def order_page(
    session: AsyncSession, desk: str, *, before: str | None, only_open: bool, limit: int
) -> Sequence[Order]:
    """Newest first."""
    statement = select(Order).where(Order.desk_id == desk)
    if before is not None:
        statement = statement.where(Order.id < before)
    if only_open:
        statement = statement.where(Order.state.in_(_OPEN))
    return (await session.scalars(statement.order_by(Order.id.desc()).limit(limit))).all()


async def fill_page(
    session: AsyncSession, desk: str, *, before: str | None, limit: int
) -> Sequence[Fill]:
    """Newest first."""
    statement = select(Fill).where(Fill.desk_id == desk)
    if before is not None:
        statement = statement.where(Fill.id < before)
    return (await session.scalars(statement.order_by(Fill.id.desc()).limit(limit))).all()


async def recent_fills(session: AsyncSession, desks: Sequence[str]) -> Sequence[Fill]:
    """The last fills of each desk, newest first."""
    rank = func.row_number().over(partition_by=Fill.desk_id, order_by=Fill.id.desc())
    ranked = select(Fill.id, rank.label("rank")).where(Fill.desk_id.in_(desks)).subquery()
    statement = select(Fill).join(ranked, ranked.c.id == Fill.id)
    newest = statement.where(ranked.c.rank <= RECENT_FILLS).order_by(Fill.id.desc())
    return (await session.scalars(newest)).all()


def equity_points(desk: str, start: datetime | None, end: datetime | None) -> Select[EquityPoint]:
    """Ascending."""
    bounds: list[ColumnElement[bool]] = [EquityPoint.desk_id == desk]
    if start is not None:
        bounds.append(EquityPoint.bar_end >= start)
    if end is not None:
        bounds.append(EquityPoint.bar_end <= end)
    return select(EquityPoint).where(*bounds)


async def last_equity(session: AsyncSession, desk: str) -> Decimal | None:
    """What the desk was worth when it was marked last."""
    point = equity_points(desk, None, None).order_by(EquityPoint.bar_end.desc()).limit(1)
    found = (await session.scalars(point)).one_or_none()
    return None if found is None else found.equity


async def equity(
    session: AsyncSession, desk: str, start: datetime | None, end: datetime | None, limit: int
) -> Sequence[EquityPoint]:
    """Ascending: the last point of each of at most `limit` equal buckets of points."""
    inner = equity_points(desk, start, end).subquery()
    bucket = func.ntile(limit).over(order_by=inner.c.bar_end).label("bucket")
    ranked = select(inner.c.bar_end, bucket).subquery()
    lasts = select(func.max(ranked.c.bar_end)).group_by(ranked.c.bucket)
    statement = select(EquityPoint).where(
        EquityPoint.desk_id == desk, EquityPoint.bar_end.in_(lasts)
    )
    return (await session.scalars(statement.order_by(EquityPoint.bar_end))).all()


async def desks_with_policy(
    session: AsyncSession, desks: Sequence[str] | None
) -> Sequence[tuple[Desk, Standing, str]]:
    """(desk, what holds it, its line's champion); all desks for None."""
    statement = (
        select(Desk, Organisation, causes(), func.coalesce(PolicyLine.champion, ""))
        .join(Organisation, Organisation.id == Desk.organisation_id)
        .outerjoin(PolicyLine, PolicyLine.id == Desk.policy_line)
    )
    if desks is not None:
        statement = statement.where(Desk.id.in_(desks))
    return [
        (desk, standing_of(desk, owner.halted, owner.halt_reason, held), champion)
        for desk, owner, held, champion in await session.execute(statement.order_by(Desk.id))
    ]
