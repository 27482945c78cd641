"""Every query on orders that are placed at a venue, and on what its account holds."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from backend.models import Desk, Fill, Order, Position, VenueDifference, VenueHolding
from backend.models.venue_holding import CASH
from backend.trading.states import OPEN

MOST = 500
_OPEN = tuple(str(state) for state in OPEN)
LIVE = "live"


async def open_orders(session: AsyncSession, venue: str) -> Sequence[Order]:
    """Orders placed at the venue that have not ended, oldest first."""
    statement = select(Order).where(Order.venue == venue, Order.state.in_(_OPEN))
    return (await session.scalars(statement.order_by(Order.id).limit(MOST))).all()


async def ended_since(session: AsyncSession, venue: str, since: datetime) -> Sequence[Order]:
    """Orders that were sent since the wall time and have ended."""
    statement = select(Order).where(
        Order.venue == venue, Order.state.not_in(_OPEN), Order.sent_at >= since
    )
    return (await session.scalars(statement.order_by(Order.id.desc()).limit(MOST))).all()


async def order(session: AsyncSession, venue: str, order_id: str) -> Order | None:
    """Read afresh."""
    statement = select(Order).where(Order.venue == venue, Order.id == order_id)
    fresh = statement.execution_options(populate_existing=True)
    return (await session.scalars(fresh)).one_or_none()


async def ours(session: AsyncSession, venue: str, orders: Sequence[str]) -> set[str]:
    """Those ids that are orders of ours at the venue."""
    statement = select(Order.id).where(Order.venue == venue, Order.id.in_(orders))
    return set(await session.scalars(statement))


async def known_fills(session: AsyncSession, order_id: str) -> set[str]:
    """The venue's ids of the order's executions that are booked."""
    statement = select(Fill.venue_fill_id).where(Fill.order_id == order_id)
    return {one for one in await session.scalars(statement) if one is not None}


async def desks(session: AsyncSession) -> Sequence[Desk]:
    """The desks that trade at the venue."""
    return (await session.scalars(select(Desk).where(Desk.mode == LIVE).order_by(Desk.id))).all()


async def sums(session: AsyncSession) -> tuple[Decimal, dict[str, Decimal]]:
    """(cash, positions by instrument) of all those desks together."""
    cash = select(func.coalesce(func.sum(Desk.cash), 0)).where(Desk.mode == LIVE)
    held = (
        select(Position.instrument, func.sum(Position.quantity))
        .join(Desk, Desk.id == Position.desk_id)
        .where(Desk.mode == LIVE)
        .group_by(Position.instrument)
    )
    positions = {row[0]: row[1] for row in await session.execute(held)}
    return Decimal((await session.scalars(cash)).one()), positions


async def holdings(session: AsyncSession, venue: str) -> dict[str, Decimal]:
    """What the account holds beside the desks: an instrument, or `cash`, and how much."""
    statement = select(VenueHolding.subject, VenueHolding.quantity)
    rows = await session.execute(statement.where(VenueHolding.venue == venue))
    return defaultdict(Decimal, {row[0]: row[1] for row in rows})


async def shift_cash(session: AsyncSession, venue: str, amount: Decimal) -> Decimal | None:
    """Move cash to what is held beside the desks; what is there then, None before the first look
    at the account.
    """
    statement = (
        update(VenueHolding)
        .where(VenueHolding.venue == venue, VenueHolding.subject == CASH)
        .values(quantity=VenueHolding.quantity + amount)
        .returning(VenueHolding.quantity)
    )
    return (await session.scalars(statement)).one_or_none()


async def open_differences(session: AsyncSession, venue: str) -> Sequence[VenueDifference]:
    statement = select(VenueDifference).where(
        VenueDifference.venue == venue, VenueDifference.resolved_at.is_(None)
    )
    return (await session.scalars(statement.order_by(VenueDifference.id))).all()
