"""How language models do, for operators; and a canary's second chance."""

from operator import attrgetter
from typing import Annotated

from fastapi import APIRouter, Query

from backend.auth.dependencies import Operator, Overseer
from backend.dependencies import CurrentState, Session
from backend.language_models import service
from backend.language_models.schemas import LanguageModelView
from backend.schemas import Page

Name = Annotated[str, Query(min_length=1, max_length=300)]

router = APIRouter(tags=["chat"])


@router.get("/models")
async def get_models(
    _caller: Overseer,
    state: CurrentState,
    cursor: Annotated[str | None, Query(max_length=300)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 100,
) -> Page[LanguageModelView]:
    """The language models that have been asked, and how each has done over all pods."""
    found = await service.shown(state.redis, after=cursor, limit=limit + 1)
    return Page.cut(found, limit, attrgetter("model"))


@router.delete("/models/rollback", status_code=204)
async def delete_rollback(
    model: Name, caller: Operator, session: Session, state: CurrentState
) -> None:
    """Let a canary that was taken back begin anew, without what was counted of it."""
    await service.forgive(session, state.redis, caller, model)
