"""The keys of a desk: its owner makes them; owner, operator and risk see and revoke them."""

from typing import Annotated

from fastapi import APIRouter, Query

from backend.auth.dependencies import CurrentUser
from backend.dependencies import Session
from backend.desks.access import CurrentDesk, RunDesk
from backend.doors import repository, service
from backend.doors.schemas import KeyView, MadeKey, NewKey
from backend.idempotency import Once
from backend.schemas import Page

Cursor = Annotated[str | None, Query(max_length=80)]
Limit = Annotated[int, Query(ge=1, le=200)]

router = APIRouter(tags=["keys"])


@router.get("/desk/keys")
async def get_keys(
    desk: CurrentDesk, session: Session, cursor: Cursor = None, limit: Limit = 50
) -> Page[KeyView]:
    """Newest first, those too that open nothing any more."""
    rows = await repository.key_page(session, desk.id, before=cursor, limit=limit + 1)
    return Page.cut([service.view(row) for row in rows], limit)


@router.post("/desk/keys", status_code=201)
async def post_key(
    body: NewKey, desk: RunDesk, caller: CurrentUser, session: Session, once: Once
) -> MadeKey:
    """Make a key. Its text is in this answer and nowhere else."""
    shown: list[str] = []

    async def act() -> KeyView:
        made, text = await service.make(session, caller, desk, body)
        shown.append(text)
        return service.view(made)

    # What is stored for the same Idempotency-Key is without the text.
    made = await once(KeyView, act)
    return MadeKey(**made.model_dump(), key=shown[0] if shown else None)


@router.delete("/desk/keys/{key_id}")
async def delete_key(key_id: str, desk: RunDesk, caller: CurrentUser, session: Session) -> KeyView:
    """Revoke it: its next request is refused."""
    return service.view(await service.revoke(session, caller, desk, key_id))
