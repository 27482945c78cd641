"""Talk to the desk's chatbot. An answer streams, and can be resumed on any back end."""

from collections.abc import AsyncIterator
from functools import partial
from typing import Annotated, Literal

from fastapi import APIRouter, Header, Query
from fastapi.responses import StreamingResponse

from backend.auth.dependencies import CurrentUser
from backend.chat import events, history_repository, repository, service
from backend.chat.history import message_view, thread_view
from backend.chat.schemas import (
    MessageRequest,
    MessageView,
    NewThread,
    RunEventView,
    RunStarted,
    ThreadView,
)
from backend.dependencies import CurrentState, Session
from backend.errors import NotFound
from backend.idempotency import Once
from backend.models import RunState
from backend.schemas import Page
from backend.state import State

Cursor = Annotated[str | None, Query(max_length=80)]
Limit = Annotated[int, Query(ge=1, le=200)]
LastEventId = Annotated[str | None, Header(alias="Last-Event-ID", max_length=60)]

router = APIRouter(tags=["chat"])


class EventStream(StreamingResponse):
    """Server-sent events; `X-Accel-Buffering` keeps proxies from holding them back."""

    media_type = "text/event-stream"

    def __init__(self, content: AsyncIterator[bytes], run: str) -> None:
        super().__init__(content, headers={"X-Run-Id": run, "X-Accel-Buffering": "no"})


@router.get("/threads")
async def get_threads(
    caller: CurrentUser, session: Session, cursor: Cursor = None, limit: Limit = 50
) -> Page[ThreadView]:
    """The caller's conversations, newest first."""
    found = await repository.threads(session, caller.id, before=cursor, limit=limit + 1)
    return Page.cut([thread_view(*one) for one in found], limit)


@router.post("/threads", status_code=201)
async def post_thread(
    caller: CurrentUser, session: Session, once: Once, body: NewThread | None = None
) -> ThreadView:
    """Begin a conversation."""

    async def act() -> ThreadView:
        return await service.create_thread(session, caller, body.title if body else None)

    return await once(ThreadView, act)


@router.get("/threads/{thread_id}/messages")
async def get_messages(
    thread_id: str,
    caller: CurrentUser,
    session: Session,
    cursor: Cursor = None,
    limit: Limit = 100,
    order: Literal["oldest", "newest"] = "oldest",
) -> Page[MessageView]:
    """A conversation, oldest first or newest first."""
    thread = await service.own_thread(session, caller, thread_id)
    found = await history_repository.messages(
        session, thread, beyond=cursor, newest=order == "newest", limit=limit + 1
    )
    return Page.cut([message_view(rated) for rated in found], limit)


@router.post(
    "/threads/{thread_id}/messages",
    status_code=200,
    response_class=EventStream,
    responses={200: {"model": RunEventView, "description": "The run's events as they come"}},
)
async def post_message(
    thread_id: str,
    body: MessageRequest,
    caller: CurrentUser,
    session: Session,
    state: CurrentState,
    once: Once,
) -> EventStream:
    """Ask. The answer streams; `X-Run-Id` names the run, for `/runs/{id}/events` after a break."""

    async def act() -> RunStarted:
        return await service.post_message(state, session, caller, thread_id, body)

    started = await once(RunStarted, act)
    return _stream(state, started.run)


@router.post("/threads/{thread_id}/cancel", status_code=204)
async def cancel(
    thread_id: str, caller: CurrentUser, session: Session, state: CurrentState
) -> None:
    """Stop the answer that is being written."""
    await service.cancel(state, session, caller, thread_id)


@router.get(
    "/runs/{run_id}/events",
    status_code=200,
    response_class=EventStream,
    responses={200: {"model": RunEventView, "description": "The run's events"}},
)
async def get_run_events(
    run_id: str,
    caller: CurrentUser,
    session: Session,
    state: CurrentState,
    last_event_id: LastEventId = None,
) -> EventStream:
    """A run's events after `Last-Event-ID`, from the start without it."""
    after = events.parse_id(last_event_id)
    run = await repository.run_of_user(session, run_id, caller.id)
    if run is None:
        raise NotFound(f"there is no run {run_id!r}", code="run_not_found")
    if run.state != RunState.RUNNING and not await events.ended(state.redis, run_id):
        last = events.encode(await service.ended_event(session, run))
        return EventStream(_only(last), run_id)
    return _stream(state, run_id, after)


def _stream(state: State, run: str, after: str = events.BEGINNING) -> EventStream:
    end = partial(service.end_of, state, run)
    return EventStream(events.serve(state.redis, run, after, end=end), run)


async def _only(event: bytes) -> AsyncIterator[bytes]:
    yield event
