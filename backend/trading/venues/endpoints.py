"""`/venue` and `/desk/mode`."""

from fastapi import APIRouter

from backend.auth.dependencies import CurrentUser
from backend.dependencies import CurrentState, Session
from backend.desks.access import CurrentDesk, RunDesk
from backend.trading.venues.mode import Mode
from backend.trading.venues.schemas import ModeChange, VenueView

router = APIRouter(tags=["trading"])


@router.get("/venue")
async def get_venue(
    desk: CurrentDesk, caller: CurrentUser, session: Session, state: CurrentState
) -> VenueView:
    """Where live orders go, and whether the books agree there."""
    return await Mode(session, state, caller).view(desk)


@router.put("/desk/mode")
async def put_mode(
    body: ModeChange, desk: RunDesk, caller: CurrentUser, session: Session, state: CurrentState
) -> VenueView:
    """Bring a desk live, or back to paper; it must hold nothing."""
    return await Mode(session, state, caller).change(desk.id, body)
