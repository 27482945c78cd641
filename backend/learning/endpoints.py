"""`/policies` and `/verdicts`."""

from typing import Annotated

from fastapi import APIRouter, Query

from backend.auth.dependencies import CurrentUser, Operator
from backend.cursors import cursor_of, place_of
from backend.dependencies import CurrentState, Session
from backend.errors import NotFound
from backend.learning import repository, service
from backend.learning.repository import LineRow
from backend.learning.schemas import (
    LineDetail,
    LineView,
    PlaceInLine,
    PolicyDetail,
    PolicyView,
    Rollback,
    VerdictView,
)
from backend.schemas import Page
from market.words import Interval

router = APIRouter(tags=["learning"])

Cursor = Annotated[str | None, Query(max_length=300)]
Limit = Annotated[int, Query(ge=1, le=200)]


@router.get("/policies")
async def get_policy_lines(
    caller: CurrentUser, session: Session, cursor: Cursor = None, limit: Limit = 100
) -> Page[LineView]:
    """The organisation's policy lines, each with its champion."""
    rows = await repository.line_page(session, caller.organisation, after=cursor, limit=limit + 1)
    items = [_line(row) for row in rows[:limit]]
    return Page(items=items, next_cursor=items[-1].id if len(rows) > limit else None)


@router.get("/policies/lines/{line:path}")
async def get_policy_line(line: str, caller: CurrentUser, session: Session) -> LineDetail:
    """One line and its lineage."""
    return await _detail(session, caller.organisation, line)


@router.post("/policies/lines/{line:path}/rollback")
async def roll_back(
    line: str, body: Rollback, caller: Operator, session: Session, state: CurrentState
) -> LineDetail:
    """Make the champion's predecessor champion again. 409 when the champion has moved by now."""
    await service.roll_back(session, state, caller.organisation, caller.login, line, body)
    session.expire_all()
    return await _detail(session, caller.organisation, line)


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
    line: Annotated[str | None, Query(max_length=200)] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[VerdictView]:
    """Every judgement of the gate, newest first."""
    rows = await repository.verdict_page(
        session, caller.organisation, before=place_of(cursor), line=line, limit=limit + 1
    )
    items = [VerdictView.model_validate(row) for row in rows[:limit]]
    more = cursor_of(items[-1].at, items[-1].id) if len(rows) > limit else None
    return Page(items=items, next_cursor=more)


@router.get("/verdicts/{verdict_id}")
async def get_verdict(verdict_id: str, caller: CurrentUser, session: Session) -> VerdictView:
    """One verdict; somebody else's is 404."""
    row = await repository.verdict(session, caller.organisation, verdict_id)
    if row is None:
        raise NotFound(f"there is no verdict {verdict_id!r}", code="verdict_not_found")
    return VerdictView.model_validate(row)


async def _detail(session: Session, organisation: str, line_id: str) -> LineDetail:
    row = await repository.line(session, organisation, line_id)
    if row is None:
        raise NotFound(f"there is no policy line {line_id!r}", code="line_not_found")
    known = await repository.policies(session, line_id)
    policies = [PolicyView.model_validate(policy) for policy in known]
    return LineDetail(**_line(row).model_dump(), policies=policies)


def _line(row: LineRow) -> LineView:
    line, desks = row
    return LineView(
        id=line.id,
        pool=line.pool,
        instruments=line.instruments,
        interval=Interval(line.interval),
        risk_profile=line.risk_profile,
        champion=line.champion,
        trials=line.trials,
        revision=line.revision,
        desks=desks,
    )
