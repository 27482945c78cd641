"""Which days are asked for, and what each desk has cost in them."""

import csv
import io
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, date, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from backend.auth.dependencies import Caller
from backend.database import Sessions, transaction
from backend.errors import Forbidden, Invalid
from backend.models import Desk, Role
from backend.usage import repository
from backend.usage.repository import ChatPlace, Span
from backend.usage.schemas import AgentUsage, DeskUsageView, ModelUsageView

DAYS = 30
MOST_DAYS = 400
EXPORTED_AT_ONCE = 500


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


def whose(caller: Caller, user: str | None) -> str | None:
    """The user whose costs may be seen; None is everybody of the organisation. Traders see their
    own. Raises Forbidden, Invalid.
    """
    if user is not None and "\0" in user:
        raise Invalid("no user's id holds the character U+0000; leave it out", code="invalid_user")
    if caller.role is not Role.TRADER:
        return user
    if user not in (None, caller.id):
        raise Forbidden("a trader sees what the trader's own questions have cost")
    return caller.id


async def of_models(
    session: AsyncSession, span: Span, user: str | None, *, after: str | None, limit: int
) -> list[ModelUsageView]:
    """Raises Invalid for a cursor that is none of ours."""
    rows = await repository.of_models(session, span, user, after=_place(after), limit=limit)
    names = ("day", "user", "login", "model", "requests", "input_tokens", "output_tokens", "usd")
    return [ModelUsageView.model_validate(dict(zip(names, row, strict=True))) for row in rows]


def cursor_of(view: ModelUsageView) -> str:
    return f"{view.day}~{view.user}~{view.model}"


async def exported(
    sessions: Sessions, span: Span, user: str | None, form: str
) -> AsyncIterator[str]:
    """All rows, a page a piece: as CSV with a heading, or as lines of JSON."""
    after: str | None = None
    if form == "csv":
        yield _row(list(ModelUsageView.model_fields))
    while True:
        async with transaction(sessions) as session:
            page = await of_models(session, span, user, after=after, limit=EXPORTED_AT_ONCE)
        if form == "csv":
            yield "".join(_row(list(one.model_dump(mode="json").values())) for one in page)
        else:
            yield "".join(f"{one.model_dump_json()}\n" for one in page)
        if len(page) < EXPORTED_AT_ONCE:
            return
        after = cursor_of(page[-1])


def _row(cells: Sequence[object]) -> str:
    """One line of CSV. A text that a spreadsheet would take for a formula is told not to be."""
    told = [f"'{one}" if isinstance(one, str) and one[:1] in "=+-@" else one for one in cells]
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(told)
    return line.getvalue()


def _place(cursor: str | None) -> ChatPlace | None:
    if cursor is None:
        return None
    try:
        day, user, model = cursor.split("~", 2)
        return date.fromisoformat(day), user, model
    except ValueError as error:
        raise Invalid("the cursor is not one of ours", code="invalid_cursor") from error
