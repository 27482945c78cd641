"""`/usage`: what desks cost."""

from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse

from backend.auth.dependencies import CurrentUser, Overseer
from backend.dependencies import CurrentState, Session
from backend.usage import repository, service
from backend.usage.schemas import ModelUsagePage, UsageView

MEDIA = {"csv": "text/csv", "json": "application/x-ndjson"}

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


@router.get("/usage/models")
async def get_model_usage(
    caller: CurrentUser,
    session: Session,
    since: date | None = None,
    until: date | None = None,
    user: Annotated[str | None, Query(max_length=60)] = None,
    cursor: Annotated[str | None, Query(max_length=300)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 100,
) -> ModelUsagePage:
    """What language models have cost, by day, user and model; traders see their own questions."""
    span = service.span_of(caller.organisation, since, until)
    found = await service.of_models(
        session, span, service.whose(caller, user), after=cursor, limit=limit + 1
    )
    items = found[:limit]
    return ModelUsagePage(
        items=items,
        next_cursor=service.cursor_of(items[-1]) if len(found) > limit else None,
        since=span.since,
        until=span.until,
    )


@router.get(
    "/usage/models/export",
    response_class=StreamingResponse,
    responses={200: {"content": {one: {"schema": {"type": "string"}} for one in MEDIA.values()}}},
)
async def export_model_usage(
    caller: CurrentUser,
    state: CurrentState,
    since: date | None = None,
    until: date | None = None,
    user: Annotated[str | None, Query(max_length=60)] = None,
    form: Annotated[Literal["csv", "json"], Query(alias="format")] = "csv",
) -> StreamingResponse:
    """The same, all of it: CSV, or a line of JSON for each row."""
    span = service.span_of(caller.organisation, since, until)
    rows = service.exported(state.sessions, span, service.whose(caller, user), form)
    name = f"models-{span.since}-{span.until}.{'csv' if form == 'csv' else 'jsonl'}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(rows, media_type=MEDIA[form], headers=headers)
