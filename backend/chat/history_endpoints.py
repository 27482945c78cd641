"""Past conversations: search, rename, delete, take along."""

from collections.abc import AsyncIterator
from operator import attrgetter
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse

from backend.auth.dependencies import CurrentUser
from backend.chat import export, history, service
from backend.chat.export import Form
from backend.chat.schemas import ThreadChange, ThreadFound, ThreadView
from backend.dependencies import CurrentState, Session
from backend.idempotency import Once
from backend.schemas import Page

router = APIRouter(tags=["chat"])

_DOCUMENT: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The document, as an attachment",
        "content": {
            media: {"schema": {"type": "string"}} for media in ("application/json", "text/markdown")
        },
    }
}


@router.get("/threads/search")
async def search_threads(
    caller: CurrentUser,
    session: Session,
    q: Annotated[str, Query(min_length=1, max_length=200)],
    cursor: Annotated[str | None, Query(max_length=80)] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> Page[ThreadFound]:
    """The caller's conversations whose title or messages hold all these words, or words that begin
    so; newest first, each with excerpts of what was said.
    """
    found = await history.search(session, caller, q, before=cursor, limit=limit + 1)
    return Page.cut(found, limit, attrgetter("thread.id"))


@router.get("/threads/export", response_class=StreamingResponse, responses=_DOCUMENT)
async def export_threads(
    caller: CurrentUser, state: CurrentState, form: Form = Form.JSON
) -> StreamingResponse:
    """All of the caller's conversations as one document, with sources and ratings."""
    threads = export.all_of(state, caller.id)
    return _attachment(export.written(state, threads, form), "conversations", form)


@router.get("/threads/{thread_id}/export", response_class=StreamingResponse, responses=_DOCUMENT)
async def export_thread(
    thread_id: str,
    caller: CurrentUser,
    session: Session,
    state: CurrentState,
    form: Form = Form.JSON,
) -> StreamingResponse:
    """One conversation as a document, in the same form as all of them."""
    thread = await service.own_thread(session, caller, thread_id)
    return _attachment(export.written(state, export.one(thread), form), thread.id, form)


@router.patch("/threads/{thread_id}")
async def patch_thread(
    thread_id: str, body: ThreadChange, caller: CurrentUser, session: Session, once: Once
) -> ThreadView:
    """Rename it."""

    async def act() -> ThreadView:
        return await history.rename(session, caller, thread_id, body.title)

    return await once(ThreadView, act)


@router.delete("/threads/{thread_id}", status_code=204)
async def delete_thread(
    thread_id: str, caller: CurrentUser, session: Session, state: CurrentState
) -> None:
    """Delete it with its messages, runs and ratings, for good. An answer that is being written is
    stopped.
    """
    await history.delete(state, session, caller, thread_id)


def _attachment(document: AsyncIterator[bytes], name: str, form: Form) -> StreamingResponse:
    said = f'attachment; filename="{name}.{export.ENDING[form]}"'
    headers = {"Content-Disposition": said, "X-Accel-Buffering": "no"}
    return StreamingResponse(document, media_type=export.MEDIA[form], headers=headers)
