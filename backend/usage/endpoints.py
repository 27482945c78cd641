"""`/usage`: what desks cost."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query

from backend.auth.dependencies import Overseer
from backend.dependencies import Session
from backend.usage import repository, service
from backend.usage.schemas import UsageView

router = APIRouter(tags=["pods"])


@router.get("/usage")
async def get_usage(
    caller: Overseer,
    session: Session,
    since: date | None = None,
    until: date | None = None,
    cursor: Annotated[str | None, Query(max_length=100)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 100,
) -> UsageView:
    """What the organisation's desks have cost the pods that served them, from `since` to `until`
    (days in UTC, both included; the last 30 by default).
    """
    span = service.span_of(caller.organisation, since, until)
    desks = await repository.desks(session, caller.organisation, after=cursor, limit=limit + 1)
    items = await service.usage_of(session, span, desks[:limit])
    return UsageView(
        items=items,
        next_cursor=items[-1].desk if len(desks) > limit else None,
        since=span.since,
        until=span.until,
    )
