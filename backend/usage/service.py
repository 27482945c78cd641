"""Which days are asked for, and what each desk has cost in them."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from backend.errors import Invalid
from backend.models import Desk
from backend.usage import repository
from backend.usage.repository import Span
from backend.usage.schemas import AgentUsage, DeskUsageView

DAYS = 30
MOST_DAYS = 400


def span_of(organisation: str, since: date | None, until: date | None) -> Span:
    """The last 30 days unless told otherwise. Raises Invalid."""
    until = until or datetime.now(UTC).date()
    since = since or until - timedelta(days=DAYS - 1)
    if not 0 <= (until - since).days < MOST_DAYS:
        raise Invalid(f"ask for 1 to {MOST_DAYS} days, first day first", code="invalid_days")
    return Span(organisation, since, until)


async def usage_of(session: AsyncSession, span: Span, desks: Sequence[Desk]) -> list[DeskUsageView]:
    """One view for each desk, in their order."""
    agents: dict[str, list[AgentUsage]] = defaultdict(list)
    for desk, agent, cpu, memory in await repository.by_agent(
        session, span, [desk.id for desk in desks]
    ):
        agents[desk].append(AgentUsage(agent=agent, cpu_seconds=cpu, memory_gib_seconds=memory))
    return [
        DeskUsageView(
            desk=desk.id,
            name=desk.name,
            cpu_seconds=sum(one.cpu_seconds for one in agents[desk.id]),
            memory_gib_seconds=sum(one.memory_gib_seconds for one in agents[desk.id]),
            agents=agents[desk.id],
        )
        for desk in desks
    ]
