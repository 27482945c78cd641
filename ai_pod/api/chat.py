"""A chat turn as server-sent events, from the chatbot's process to the backend."""

from collections.abc import AsyncIterator
from contextlib import aclosing

import msgspec
from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse

from ai_pod.api.doors import Caller, PodParts
from ai_pod.contracts.chat import ReplyRequest, RunEvent
from ai_pod.errors import BadRequest, ChatbotUnavailable

router = APIRouter(prefix="/v1", dependencies=[Caller])

_requests = msgspec.json.Decoder(ReplyRequest)


@router.post("/threads/{thread}/reply")
async def reply(thread: str, request: Request, parts: PodParts) -> Response:
    """The run's events until `done` or `error`; without either when the pod ends before. A caller
    that goes away cancels the run.
    """
    try:
        asked = _requests.decode(await request.body())
    except msgspec.DecodeError as error:
        raise BadRequest(f"the body is no reply request: {error}") from error
    if asked.thread != thread:
        raise BadRequest(f"the path names thread {thread}, the body {asked.thread}")
    events = parts.orchestrator.chat.reply(asked)
    first = await anext(events, None)
    if first is None:
        raise ChatbotUnavailable("this pod is ending; ask again")
    return StreamingResponse(_sent(first, events), media_type="text/event-stream")


async def _sent(first: RunEvent, rest: AsyncIterator[RunEvent]) -> AsyncIterator[bytes]:
    async with aclosing(rest):  # type: ignore[type-var]
        yield _encoded(first)
        async for event in rest:
            yield _encoded(event)


def _encoded(event: RunEvent) -> bytes:
    return b"event: %b\ndata: %b\n\n" % (event.kind.encode(), msgspec.json.encode(event.data))
