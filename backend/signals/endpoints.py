"""`/signals`: what the desk's trading agent wanted, and why."""

from typing import Annotated

from fastapi import APIRouter, Query

from backend.auth.dependencies import CurrentUser
from backend.dependencies import Session
from backend.desks.access import CurrentDesk, DeskId
from backend.schemas import Page
from backend.signals import service
from backend.signals.schemas import Explanation, SignalView

router = APIRouter(prefix="/signals", tags=["signals"])


@router.get("")
async def get_signals(
    desk: CurrentDesk,
    session: Session,
    instrument: Annotated[str | None, Query(max_length=40)] = None,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Page[SignalView]:
    """Newest first."""
    return await service.page(session, desk, cursor=cursor, instrument=instrument, limit=limit)


@router.get("/{signal_id}")
async def get_signal(
    signal_id: str, caller: CurrentUser, session: Session, desk_id: DeskId = None
) -> SignalView:
    """One signal, of any desk of the organisation for those who oversee; somebody else's is 404."""
    return service.view(await service.seen(session, caller, signal_id, desk_id))


@router.get("/{signal_id}/explanation")
async def get_explanation(
    signal_id: str, caller: CurrentUser, session: Session, desk_id: DeskId = None
) -> Explanation:
    """The contributions of the features, which add up to the score."""
    return await service.explanation(
        session, await service.seen(session, caller, signal_id, desk_id)
    )
