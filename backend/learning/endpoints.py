"""`/policies` and `/verdicts`, to be read."""

from typing import Annotated

from fastapi import APIRouter, Query

from backend.auth.dependencies import CurrentUser
from backend.cursors import cursor_of, place_of
from backend.dependencies import CurrentState, Session
from backend.errors import NotFound
from backend.learning import repository, views
from backend.learning.curves import curves
from backend.learning.schemas import (
    CurvesView,
    LineDetail,
    LineView,
    PlaceInLine,
    PolicyDetail,
    ReportView,
    SheetView,
    VerdictView,
)
from backend.learning.sheet import sheet
from backend.schemas import Page

router = APIRouter(tags=["learning"])

Cursor = Annotated[str | None, Query(max_length=300)]
Limit = Annotated[int, Query(ge=1, le=200)]


@router.get("/policies")
async def get_policy_lines(
    caller: CurrentUser, session: Session, cursor: Cursor = None, limit: Limit = 100
) -> Page[LineView]:
    """The organisation's policy lines, each with its champion."""
    rows = await repository.line_page(session, caller.organisation, after=cursor, limit=limit + 1)
    return Page.cut([views.line_view(row) for row in rows], limit)


@router.get("/policies/lines/{line:path}/reports")
async def get_reports(
    line: str, caller: CurrentUser, session: Session, cursor: Cursor = None, limit: Limit = 50
) -> Page[ReportView]:
    """What the nights' replays showed, of challengers in shadow and of champions; newest first."""
    if await repository.line(session, caller.organisation, line) is None:
        raise NotFound(f"there is no policy line {line!r}", code="line_not_found")
    rows = await repository.report_page(session, line, before=place_of(cursor), limit=limit + 1)
    items = [views.report_view(row) for row in rows]
    return Page.cut(items, limit, lambda last: cursor_of(last.at, last.id))


@router.get("/policies/lines/{line:path}/curves")
async def get_curves(
    line: str,
    caller: CurrentUser,
    session: Session,
    state: CurrentState,
    night: Annotated[str | None, Query(max_length=40)] = None,
) -> CurvesView:
    """How a night's trials learned, rollout by rollout, as long as it is told of: about the newest
    two thousand rollouts of all lines.
    """
    if await repository.line(session, caller.organisation, line) is None:
        raise NotFound(f"there is no policy line {line!r}", code="line_not_found")
    return await curves(state.redis, line, night)


@router.get("/policies/lines/{line:path}")
async def get_policy_line(
    line: str, caller: CurrentUser, session: Session, state: CurrentState
) -> LineDetail:
    """One line, its settings and its lineage."""
    return await views.line_detail(session, state.settings, caller.organisation, line)


@router.get("/policies/{policy:path}")
async def get_policy(policy: str, caller: CurrentUser, session: Session) -> PolicyDetail:
    """One policy by its id, and its place in each line that knows it."""
    rows = await repository.places(session, caller.organisation, policy)
    if not rows:
        raise NotFound(f"there is no policy {policy!r}", code="policy_not_found")
    places = [
        PlaceInLine(
            policy_line=line.id,
            champion=line.champion == known.id,
            state=known.state,
            trial_id=known.trial_id,
            sharpe=known.sharpe,
            predecessor=known.predecessor,
            promoted_at=known.promoted_at,
        )
        for known, line in rows
    ]
    return PolicyDetail(id=policy, lines=places)


@router.get("/verdicts")
async def get_verdicts(
    caller: CurrentUser,
    session: Session,
    state: CurrentState,
    line: Annotated[str | None, Query(max_length=200)] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[VerdictView]:
    """Every judgement of the gate, newest first."""
    rows = await repository.verdict_page(
        session, caller.organisation, before=place_of(cursor), line=line, limit=limit + 1
    )
    items = await views.verdict_views(session, state.settings, rows[:limit])
    more = cursor_of(items[-1].at, items[-1].id) if len(rows) > limit else None
    return Page(items=items, next_cursor=more)


@router.get("/verdicts/{verdict_id}")
async def get_verdict(
    verdict_id: str, caller: CurrentUser, session: Session, state: CurrentState
) -> VerdictView:
    """One verdict; somebody else's is 404."""
    return await views.verdict_view(session, state.settings, caller.organisation, verdict_id)


@router.get("/verdicts/{verdict_id}/sheet")
async def get_sheet(
    verdict_id: str, caller: CurrentUser, session: Session, state: CurrentState
) -> SheetView:
    """The verdict's tear sheet: its numbers with their units, equity and drawdowns."""
    verdict = await views.verdict_view(session, state.settings, caller.organisation, verdict_id)
    return await sheet(session, verdict)
