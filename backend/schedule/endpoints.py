"""The plan, a preview, and overrides: for those who run the platform."""

from typing import Annotated

from fastapi import APIRouter, Query

from backend.auth.dependencies import CurrentUser, Operator
from backend.dependencies import CurrentState, Session
from backend.idempotency import Once
from backend.schedule import service
from backend.schedule.schemas import OverrideBody, OverrideView, PreviewAnswer, ScheduleAnswer
from backend.schemas import Page

router = APIRouter(tags=["schedule"])


@router.get("/schedule")
async def get_schedule(
    _caller: CurrentUser,
    state: CurrentState,
    hours: Annotated[int, Query(ge=1, le=24 * 14)] = 72,
) -> ScheduleAnswer:
    """Which agent holds the pods from when until when, ahead from now."""
    view = await service.ask(service.client(state).schedule(hours=hours))
    return ScheduleAnswer.of(view)


@router.post("/schedule/preview")
async def preview(body: OverrideBody, _caller: Operator, state: CurrentState) -> PreviewAnswer:
    """What an override would change. Nothing is changed."""
    found = await service.ask(service.client(state).preview(body.request()))
    return PreviewAnswer.of(found)


@router.get("/overrides")
async def get_overrides(
    caller: Operator, state: CurrentState, ended: bool = False
) -> Page[OverrideView]:
    """The organisation's overrides that hold or will; with `ended` those that are over too."""
    found = await service.ask(
        service.client(state).overrides(organisation=caller.organisation, ended=ended)
    )
    return Page(items=[OverrideView.of(one) for one in found])


@router.post("/overrides", status_code=201)
async def set_override(
    body: OverrideBody, caller: Operator, session: Session, state: CurrentState, once: Once
) -> OverrideView:
    """Hold pods in a phase until `ends`; the plan goes on by itself then."""

    async def act() -> OverrideView:
        return await service.set_override(session, state, caller, body, once.key)

    return await once(OverrideView, act)


@router.delete("/overrides/{override_id}")
async def end_override(
    override_id: str, caller: Operator, session: Session, state: CurrentState
) -> OverrideView:
    """End an override now; asked again by the same person, it answers what it answered."""
    return await service.end_override(session, state, caller, override_id)
