"""Every query on signals."""

from collections.abc import Sequence

from sqlalchemy import Row, Select, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from backend.cursors import Place
from backend.models import Decision, Order, Signal

Recorded = Row[Signal, Decision]


def _recorded() -> Select[Signal, Decision]:
    return select(Signal, Decision).join(Decision, Decision.id == Signal.decision_id)


async def page(
    session: AsyncSession, desk: str, *, before: Place | None, instrument: str | None, limit: int
) -> Sequence[Recorded]:
    """Newest first."""
    statement = _recorded().where(Signal.desk_id == desk)
    statement = statement.order_by(Signal.bar_end.desc(), Signal.id.desc()).limit(limit)
    if before is not None:
        statement = statement.where(tuple_(Signal.bar_end, Signal.id) < tuple_(*before))
    if instrument is not None:
        statement = statement.where(Signal.instrument == instrument)
    return (await session.execute(statement)).all()


async def signal(session: AsyncSession, organisation: str, signal_id: str) -> Recorded | None:
    """A signal of any of the organisation's desks."""
    statement = _recorded().where(Signal.organisation_id == organisation, Signal.id == signal_id)
    return (await session.execute(statement)).one_or_none()


async def order(session: AsyncSession, signal: Signal) -> Order | None:
    """What was ordered, or denied, because of the signal."""
    statement = select(Order).where(
        Order.desk_id == signal.desk_id,
        Order.decision_id == signal.decision_id,
        Order.instrument == signal.instrument,
    )
    return (await session.scalars(statement)).one_or_none()
