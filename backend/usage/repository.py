"""Every query on what desks have cost."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Row, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from ai_pod.contracts.usage import UsageReported
from backend.models import Desk, DeskUsage

AgentRow = Row[str, str, float, float]
"""Desk, agent, CPU seconds, GiB seconds."""

_KEEP_THE_GREATER = text("""
    INSERT INTO backend.desk_usage AS known
        (desk_id, organisation_id, day, pod, life, agent, cpu_seconds, memory_gib_seconds)
    SELECT id, organisation_id, :day, :pod, :life, :agent, :cpu_seconds, :memory_gib_seconds
        FROM backend.desk WHERE id = :desk
    ON CONFLICT (desk_id, day, pod, life, agent) DO UPDATE SET
        cpu_seconds = greatest(known.cpu_seconds, excluded.cpu_seconds),
        memory_gib_seconds = greatest(known.memory_gib_seconds, excluded.memory_gib_seconds)
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
