"""`/users`: the organisation's accounts, for operators."""

from operator import attrgetter
from typing import Annotated

from fastapi import APIRouter, Query

from backend.auth.dependencies import Operator
from backend.dependencies import Session
from backend.schemas import Page
from backend.users import repository, service
from backend.users.schemas import PersonChange, PersonView

router = APIRouter(tags=["auth"])


@router.get("/users")
async def get_users(
    caller: Operator,
    session: Session,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 100,
) -> Page[PersonView]:
    """The organisation's accounts by login, disabled ones too."""
    rows = await repository.page(session, caller.organisation, after=cursor, limit=limit + 1)
    return Page.cut([service.view(row) for row in rows], limit, attrgetter("login"))


@router.patch("/users/{user_id}")
async def patch_user(
    user_id: str, body: PersonChange, caller: Operator, session: Session
) -> PersonView:
    """Disable an account, or enable it again. Its desk goes on: stop it by the kill switch."""
    return await service.set_disabled(session, caller, user_id, disabled=body.disabled)
