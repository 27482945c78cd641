"""What chat has prepared, for its person alone: to see, to confirm, to dismiss."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from backend.auth.dependencies import CurrentUser
from backend.dependencies import CurrentState, Session
from backend.errors import NotFound
from backend.idempotency import Once
from backend.intents import repository, service
from backend.intents.schemas import Confirmation, IntentView
from backend.intents.service import Decision
from backend.problems import refusal
from backend.schemas import Page
from backend.trading.service import Denied

router = APIRouter(tags=["intents"])


async def decision(session: Session, state: CurrentState, caller: CurrentUser) -> Decision:
    return Decision(session, state, caller)


Deciding = Annotated[Decision, Depends(decision)]


@router.get("/intents")
async def get_intents(
    caller: CurrentUser,
    session: Session,
    cursor: Annotated[str | None, Query(max_length=80)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    only_open: Annotated[bool, Query(alias="open")] = False,
) -> Page[IntentView]:
    """The caller's own, newest first; with `open` those that can be confirmed now."""
    open_at = datetime.now(UTC) if only_open else None
    rows = await repository.page(
        session, caller.id, before=cursor, open_at=open_at, limit=limit + 1
    )
    return Page.cut([service.view(row) for row in rows], limit)


@router.get("/intents/{intent_id}")
async def get_intent(intent_id: str, caller: CurrentUser, session: Session) -> IntentView:
    """One of the caller's own."""
    row = await repository.of_user(session, intent_id, caller.id)
    if row is None:
        raise NotFound(f"there is no intent {intent_id!r}", code="intent_not_found")
    return service.view(row)


@router.post("/intents/{intent_id}/confirm", response_model=IntentView)
async def confirm_intent(
    intent_id: str, body: Confirmation, deciding: Deciding, once: Once
) -> IntentView | Response:
    """Do what was prepared. All checks are made again; a denial is 422 with the reason as its code,
    as of an order by hand, and ends the intent.
    """

    async def act() -> IntentView:
        return await deciding.confirm(intent_id, body.nonce)

    view = await once(IntentView, act)
    if view.state != "denied" or view.outcome is None:
        return view
    # Raised, it would roll the record back.
    detail = f"{view.outcome.subject} was denied: {view.outcome.detail}"
    return refusal(Denied(detail, code=view.outcome.code))


@router.post("/intents/{intent_id}/dismiss")
async def dismiss_intent(intent_id: str, deciding: Deciding) -> IntentView:
    """Nothing is done."""
    return await deciding.dismiss(intent_id)
