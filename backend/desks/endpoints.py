"""The caller's desk, and for those who oversee all desks of the organisation."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from backend.auth.dependencies import CurrentUser, Operator, Overseer
from backend.dependencies import CurrentState, Session
from backend.desks import access, repository, service
from backend.desks.access import CurrentDesk, RunDesk
from backend.desks.changes import CurrentTell
from backend.desks.schemas import (
    DeskChange,
    DeskView,
    InstrumentsChange,
    InstrumentsView,
    RiskChange,
    RiskView,
)
from backend.desks.service import Editor
from backend.models import PolicyLine
from backend.schemas import Page

router = APIRouter(tags=["desks"])


async def desk_editor(
    session: Session, state: CurrentState, caller: CurrentUser, tell: CurrentTell
) -> Editor:
    return Editor(session, state, caller, tell)


DeskEditor = Annotated[Editor, Depends(desk_editor)]
"""Changes made with it belong to the request's transaction."""


@router.get("/desk")
async def get_desk(desk: CurrentDesk, session: Session) -> DeskView:
    """The desk with its books' totals, limits and seat."""
    return await service.view(session, desk.id)


@router.patch("/desk")
async def patch_desk(body: DeskChange, desk: RunDesk, editor: DeskEditor) -> DeskView:
    """Rename it; switch automatic trading on or off."""
    await editor.change(desk.id, body)
    return await service.view(editor.session, desk.id)


@router.get("/desk/instruments")
async def get_instruments(desk: CurrentDesk, session: Session) -> InstrumentsView:
    return service.instruments_view(desk, await session.get(PolicyLine, desk.policy_line))


@router.patch("/desk/instruments")
async def patch_instruments(
    body: InstrumentsChange, desk: RunDesk, editor: DeskEditor
) -> InstrumentsView:
    """Choose instruments, interval or risk profile; the policy line follows from them."""
    return await editor.change_instruments(desk.id, body)


@router.get("/desk/risk")
async def get_risk(desk: CurrentDesk) -> RiskView:
    return RiskView.model_validate(desk)


@router.patch("/desk/risk")
async def patch_risk(body: RiskChange, desk: RunDesk, editor: DeskEditor) -> RiskView:
    """Change limits, within bounds."""
    return await editor.change_risk(desk.id, body)


@router.get("/desks")
async def get_desks(
    caller: Overseer,
    session: Session,
    cursor: Annotated[str | None, Query(max_length=80)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 100,
) -> Page[DeskView]:
    """All desks of the organisation."""
    rows = await repository.page(session, caller.organisation, after=cursor, limit=limit + 1)
    more = rows[limit - 1].desk.id if len(rows) > limit else None
    return Page(items=await service.views(session, rows[:limit]), next_cursor=more)


@router.get("/desks/{desk_id}")
async def get_desk_by_id(desk_id: str, caller: CurrentUser, session: Session) -> DeskView:
    """One desk; somebody else's is 404."""
    desk = await access.find_desk(session, caller, desk_id, access.SEE_ALL)
    return await service.view(session, desk.id)


@router.patch("/desks/{desk_id}")
async def patch_desk_by_id(
    desk_id: str, body: DeskChange, caller: Operator, editor: DeskEditor
) -> DeskView:
    """An operator renames a desk, or switches its automatic trading."""
    desk = await access.find_desk(editor.session, caller, desk_id, access.RUN_ALL)
    await editor.change(desk.id, body)
    return await service.view(editor.session, desk.id)
