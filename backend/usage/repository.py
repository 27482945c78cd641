"""Every query on what desks have cost."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from sqlalchemy import Date, Row, cast, func, select, text, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from ai_pod.contracts.budgets import ModelAsked
from ai_pod.contracts.usage import UsageReported
from backend.models import Desk, DeskUsage, ModelRequest, User

AgentRow = Row[str, str, float, float]
"""Desk, agent, CPU seconds, GiB seconds."""

ChatRow = Row[date, str, str, str, int, int, int, Decimal]
"""Day, user, login, model, requests, input tokens, output tokens, US dollars."""

ChatPlace = tuple[date, str, str]
"""Day, user and model of a row: where a page goes on."""

_KEEP_THE_GREATER = text("""
    INSERT INTO backend.desk_usage AS known
        (desk_id, organisation_id, day, pod, life, agent, cpu_seconds, memory_gib_seconds)
    SELECT id, organisation_id, :day, :pod, :life, :agent, :cpu_seconds, :memory_gib_seconds
        FROM backend.desk WHERE id = :desk
    ON CONFLICT (desk_id, day, pod, life, agent) DO UPDATE SET
        cpu_seconds = greatest(known.cpu_seconds, excluded.cpu_seconds),
        memory_gib_seconds = greatest(known.memory_gib_seconds, excluded.memory_gib_seconds)
""")

_SETTLED_WINS = text("""
    INSERT INTO backend.model_request AS known
        (id, user_id, run_id, model, input_tokens, output_tokens, usd, at, settled, organisation_id)
    SELECT :id, id, :run, :model, :input_tokens, :output_tokens, :usd, :at, :settled,
            organisation_id
        FROM backend."user" WHERE id = :user AND organisation_id = :organisation
    ON CONFLICT (id) DO UPDATE SET
        input_tokens = excluded.input_tokens,
        output_tokens = excluded.output_tokens,
        usd = excluded.usd,
        settled = true
    WHERE excluded.settled AND NOT known.settled
    RETURNING id
""")


@dataclass(frozen=True)
class Span:
    """Days in UTC, both included, of one organisation."""

    organisation: str
    since: date
    until: date


async def record(session: AsyncSession, report: UsageReported) -> None:
    """Keep the report's shares; an older or a repeated report changes nothing. A share of a desk
    that is not there is nobody's.
    """
    rows = [
        {
            "desk": use.desk,
            "day": report.day,
            "pod": report.pod,
            "life": report.life,
            "agent": use.agent,
            "cpu_seconds": use.cpu_seconds,
            "memory_gib_seconds": use.memory_gib_seconds,
        }
        # In one order everywhere, so that two back ends wait for each other in no circle.
        for use in sorted(report.uses, key=lambda use: (use.desk, use.agent))
    ]
    if rows:
        await session.execute(_KEEP_THE_GREATER, rows)


async def desks(
    session: AsyncSession, organisation: str, *, after: str | None, limit: int
) -> Sequence[Desk]:
    """The organisation's desks by id."""
    statement = select(Desk).where(Desk.organisation_id == organisation).order_by(Desk.id)
    if after is not None:
        statement = statement.where(Desk.id > after)
    return (await session.scalars(statement.limit(limit))).all()


async def by_agent(session: AsyncSession, span: Span, desks: Sequence[str]) -> Sequence[AgentRow]:
    """What each of these desks has cost over the span, agent by agent."""
    statement = (
        select(
            DeskUsage.desk_id,
            DeskUsage.agent,
            func.sum(DeskUsage.cpu_seconds),
            func.sum(DeskUsage.memory_gib_seconds),
        )
        .where(
            DeskUsage.organisation_id == span.organisation,
            DeskUsage.day.between(span.since, span.until),
            DeskUsage.desk_id.in_(desks),
        )
        .group_by(DeskUsage.desk_id, DeskUsage.agent)
        .order_by(DeskUsage.desk_id, DeskUsage.agent)
    )
    return (await session.execute(statement)).all()


async def record_request(session: AsyncSession, asked: ModelAsked) -> bool:
    """Keep what a request has cost; what comes late or again changes nothing, which False says. One
    of a user that is not there is nobody's.
    """
    values = {
        "id": asked.id,
        "user": asked.spender.user,
        "organisation": asked.spender.organisation,
        "run": asked.spender.run,
        "model": asked.model,
        "input_tokens": asked.cost.input_tokens,
        "output_tokens": asked.cost.output_tokens,
        "usd": asked.cost.usd,
        "at": asked.at,
        "settled": asked.settled,
    }
    return (await session.execute(_SETTLED_WINS, values)).first() is not None


async def of_models(
    session: AsyncSession, span: Span, user: str | None, *, after: ChatPlace | None, limit: int
) -> Sequence[ChatRow]:
    """What models have cost by day, user and model, in that order; of one user if one is named."""
    day = cast(func.timezone("UTC", ModelRequest.at), Date)
    place = (day, User.id, ModelRequest.model)
    statement = (
        select(
            day,
            User.id,
            User.login,
            ModelRequest.model,
            func.count(),
            func.sum(ModelRequest.input_tokens),
            func.sum(ModelRequest.output_tokens),
            func.sum(ModelRequest.usd),
        )
        .join(User, User.id == ModelRequest.user_id)
        .where(ModelRequest.organisation_id == span.organisation)
        .where(ModelRequest.at >= _midnight(span.since))
        .where(ModelRequest.at < _midnight(span.until + timedelta(days=1)))
    )
    if user is not None:
        statement = statement.where(User.id == user)
    if after is not None:
        statement = statement.where(tuple_(*place) > after)
    statement = statement.group_by(*place, User.login).order_by(*place).limit(limit)
    return (await session.execute(statement)).all()


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
