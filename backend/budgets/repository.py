"""Every query on budgets, and on what was spent of them."""

from collections.abc import Sequence
from datetime import UTC, datetime, time
from decimal import Decimal

from sqlalchemy import Row, delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from ai_pod.contracts.budgets import Cost
from backend.models import ChatBudget, ModelRequest, User

ORGANISATION = "organisation"
EVERYONE = "everyone"

SpenderRow = Row[User, int, Decimal, int, Decimal]
"""A user, and what the user has spent since the day's and since the month's beginning."""


async def budgets(
    session: AsyncSession, organisation: str, *, after: str | None, limit: int
) -> Sequence[ChatBudget]:
    """The organisation's budgets by subject."""
    statement = select(ChatBudget).where(ChatBudget.organisation_id == organisation)
    if after is not None:
        statement = statement.where(ChatBudget.subject > after)
    return (await session.scalars(statement.order_by(ChatBudget.subject).limit(limit))).all()


async def named(
    session: AsyncSession, organisation: str, subjects: Sequence[str]
) -> dict[str, ChatBudget]:
    """The budgets of these subjects, of those that have one."""
    statement = select(ChatBudget).where(
        ChatBudget.organisation_id == organisation, ChatBudget.subject.in_(subjects)
    )
    return {row.subject: row for row in await session.scalars(statement)}


async def keep(
    session: AsyncSession, organisation: str, subject: str, values: dict[str, object]
) -> ChatBudget:
    """Set a budget, or change these columns of it; how it is now."""
    made = insert(ChatBudget).values(organisation_id=organisation, subject=subject, **values)
    kept = made.on_conflict_do_update(
        index_elements=["organisation_id", "subject"], set_=values
    ).returning(ChatBudget)
    return (await session.scalars(kept, execution_options={"populate_existing": True})).one()


async def drop(session: AsyncSession, organisation: str, subject: str) -> None:
    statement = delete(ChatBudget).where(
        ChatBudget.organisation_id == organisation, ChatBudget.subject == subject
    )
    await session.execute(statement)


async def is_user(session: AsyncSession, organisation: str, user: str) -> bool:
    statement = select(User.id).where(User.id == user, User.organisation_id == organisation)
    return (await session.scalars(statement)).first() is not None


async def spent_since(
    session: AsyncSession, organisation: str, since: datetime, user: str | None
) -> Cost:
    """What the organisation, or one of its users, has spent on models from `since` on."""
    statement = select(
        func.coalesce(func.sum(ModelRequest.input_tokens), 0),
        func.coalesce(func.sum(ModelRequest.output_tokens), 0),
        func.coalesce(func.sum(ModelRequest.usd), 0),
    ).where(ModelRequest.organisation_id == organisation, ModelRequest.at >= since)
    if user is not None:
        statement = statement.where(ModelRequest.user_id == user)
    row = (await session.execute(statement)).one()
    return Cost(input_tokens=int(row[0]), output_tokens=int(row[1]), usd=row[2])


async def spenders(
    session: AsyncSession, organisation: str, now: datetime, *, after: str | None, limit: int
) -> Sequence[SpenderRow]:
    """The organisation's users by login; `now` (UTC) says which day and which month."""
    its = ModelRequest
    day = datetime.combine(now, time(), UTC)
    tokens, today = its.input_tokens + its.output_tokens, its.at >= day
    spent = (
        select(
            its.user_id,
            func.sum(tokens).filter(today).label("day_tokens"),
            func.sum(its.usd).filter(today).label("day_usd"),
            func.sum(tokens).label("month_tokens"),
            func.sum(its.usd).label("month_usd"),
        )
        .where(its.organisation_id == organisation, its.at >= day.replace(day=1))
        .group_by(its.user_id)
        .subquery()
    )
    of = spent.c
    statement = (
        select(
            User,
            func.coalesce(of.day_tokens, 0),
            func.coalesce(of.day_usd, 0),
            func.coalesce(of.month_tokens, 0),
            func.coalesce(of.month_usd, 0),
        )
        .outerjoin(spent, spent.c.user_id == User.id)
        .where(User.organisation_id == organisation)
        .order_by(User.login)
        .limit(limit)
    )
    if after is not None:
        statement = statement.where(User.login > after)
    rows: Sequence[SpenderRow] = (await session.execute(statement)).all()
    return rows
