"""Every query on conditions, and on what holds a desk now."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from backend.models import Condition, Desk, Organisation, RiskState
from backend.trading.desk_states import Standing


def scopes_of(desk: Desk) -> list[str]:
    """The scopes whose conditions hold the desk."""
    return [f"desk:{desk.id}", f"organisation:{desk.organisation_id}", f"pool:{desk.pool}", "all"]


def causes(scopes: Sequence[str] | None = None) -> ScalarSelect[Any]:
    """The open causes of these scopes, ascending, each once, else of the enclosing query's desk;
    NULL for none.
    """
    within: Sequence[Any] = scopes or [
        "desk:" + Desk.id,
        "organisation:" + Desk.organisation_id,
        "pool:" + Desk.pool,
        "all",
    ]
    statement = select(func.array_agg(Condition.cause.distinct()))
    held = statement.where(Condition.cleared_at.is_(None), Condition.scope.in_(within))
    return (held.correlate(Desk) if scopes is None else held).scalar_subquery()


def standing_of(desk: Desk, owner_halted: bool, owner_reason: str, held: Any) -> Standing:
    """From a desk, its organisation's kill switch, and what `causes` has given."""
    return Standing(
        halted=desk.halted or owner_halted,
        halt_reason=desk.halt_reason or owner_reason,
        causes=tuple(held or ()),
    )


async def standing(session: AsyncSession, desk: Desk) -> Standing:
    """What holds a locked desk."""
    statement = select(Organisation.halted, Organisation.halt_reason, causes(scopes_of(desk)))
    row = await session.execute(statement.where(Organisation.id == desk.organisation_id))
    halted, reason, held = row.one()
    return standing_of(desk, halted, reason, held)


async def unsettled(session: AsyncSession, scope: str | None, limit: int) -> Sequence[str]:
    """Desks whose state on record is not what holds them now; of this scope, or of all."""
    held = func.coalesce(func.cardinality(causes()), 0) > 0
    halted = or_(Desk.halted, Organisation.halted)
    reducing, free = ~halted & held, ~halted & ~held
    wrong = or_(
        halted & (Desk.state != RiskState.HALTED),
        reducing & (Desk.state != RiskState.REDUCING),
        free & (Desk.state != RiskState.ACTIVE),
    )
    statement = select(Desk.id).join(Organisation, Organisation.id == Desk.organisation_id)
    statement = statement.where(wrong, *_within(scope)).order_by(Desk.id).limit(limit)
    return (await session.scalars(statement)).all()


async def owner(session: AsyncSession, scope: str) -> str | None:
    """The organisation that a scope belongs to; None for those that are nobody's own."""
    kind, _, name = scope.partition(":")
    if kind == "desk":
        return await session.scalar(select(Desk.organisation_id).where(Desk.id == name))
    return name if kind == "organisation" else None


async def add(session: AsyncSession, row: dict[str, object]) -> bool:
    """False when an open condition of its scope, cause and source is there already."""
    made = insert(Condition).values(row).on_conflict_do_nothing()
    return (await session.execute(made.returning(Condition.id))).first() is not None


async def open_one(session: AsyncSession, scope: str, cause: str, source: str) -> Condition | None:
    statement = _open().where(
        Condition.scope == scope, Condition.cause == cause, Condition.source == source
    )
    return (await session.scalars(statement.with_for_update())).one_or_none()


async def open_of(session: AsyncSession, cause: str, source: str) -> Sequence[Condition]:
    """All that are open of one finder."""
    statement = _open().where(Condition.cause == cause, Condition.source == source)
    return (await session.scalars(statement)).all()


async def open_on(session: AsyncSession, desk: Desk) -> Sequence[Condition]:
    """What holds the desk, oldest first."""
    statement = _open().where(Condition.scope.in_(scopes_of(desk)))
    return (await session.scalars(statement.order_by(Condition.id))).all()


async def locked(session: AsyncSession, condition: str, organisation: str) -> Condition | None:
    """One of the organisation's own."""
    statement = select(Condition).where(
        Condition.id == condition, Condition.organisation_id == organisation
    )
    return (await session.scalars(statement.with_for_update())).one_or_none()


async def page(
    session: AsyncSession, organisations: Sequence[str], *, before: str | None, limit: int
) -> Sequence[Condition]:
    """Newest first, ended ones too."""
    statement = select(Condition).where(Condition.organisation_id.in_(organisations))
    if before is not None:
        statement = statement.where(Condition.id < before)
    return (await session.scalars(statement.order_by(Condition.id.desc()).limit(limit))).all()


def _open() -> Select[Condition]:
    return select(Condition).where(Condition.cleared_at.is_(None))


def _within(scope: str | None) -> list[ColumnElement[bool]]:
    kind, _, name = (scope or "all").partition(":")
    column = {"desk": Desk.id, "organisation": Desk.organisation_id, "pool": Desk.pool}.get(kind)
    return [] if column is None else [column == name]
