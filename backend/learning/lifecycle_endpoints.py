"""`/policies/lines/…`: approve, reject, roll back, settings; operators only."""

from fastapi import APIRouter

from backend.auth.dependencies import Operator
from backend.dependencies import CurrentState, Session
from backend.idempotency import Once
from backend.learning import service, views
from backend.learning.schemas import Approval, LineDetail, Rollback, SettingsChange

router = APIRouter(tags=["learning"])


@router.post("/policies/lines/{line:path}/approve")
async def approve(
    line: str,
    body: Approval,
    caller: Operator,
    session: Session,
    state: CurrentState,
    once: Once,
) -> LineDetail:
    """Promote a challenger that awaits approval; again does no harm. 409 for any other."""

    async def act() -> LineDetail:
        its = await service.lifecycle(session, state, caller, line)
        await its.approve(body.policy, body.reason)
        return await _shown(session, state, caller, line)

    return await once(LineDetail, act)


@router.post("/policies/lines/{line:path}/reject")
async def reject(
    line: str,
    body: Approval,
    caller: Operator,
    session: Session,
    state: CurrentState,
    once: Once,
) -> LineDetail:
    """Reject a challenger in shadow, or one that awaits approval; again does no harm. 409 for any
    other.
    """

    async def act() -> LineDetail:
        its = await service.lifecycle(session, state, caller, line)
        await its.decline(body.policy, body.reason)
        return await _shown(session, state, caller, line)

    return await once(LineDetail, act)


@router.post("/policies/lines/{line:path}/rollback")
async def roll_back(
    line: str,
    body: Rollback,
    caller: Operator,
    session: Session,
    state: CurrentState,
    once: Once,
) -> LineDetail:
    """Make the champion's predecessor champion again. 409 when the champion has moved by now."""

    async def act() -> LineDetail:
        its = await service.lifecycle(session, state, caller, line)
        await its.roll_back(body.champion, body.reason)
        return await _shown(session, state, caller, line)

    return await once(LineDetail, act)


@router.patch("/policies/lines/{line:path}/settings")
async def change_settings(
    line: str, body: SettingsChange, caller: Operator, session: Session, state: CurrentState
) -> LineDetail:
    """Shadow sessions, who promotes, when a replay refutes. What waits goes by the new settings at
    its next step.
    """
    await service.change_settings(session, state, caller, line, body)
    return await _shown(session, state, caller, line)


async def _shown(session: Session, state: CurrentState, caller: Operator, line: str) -> LineDetail:
    session.expire_all()
    return await views.line_detail(session, state.settings, caller.organisation, line)
