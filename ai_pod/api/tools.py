"""One of the chatbot's tools, called by its name, on the desk that the request is bound to."""

from contextlib import aclosing

import msgspec
from fastapi import APIRouter, Request, Response

from ai_pod.api.doors import Caller, PodParts, json
from ai_pod.contracts.chat import ReplyRequest, RunEvent, RunEventKind
from ai_pod.contracts.tools import ToolAnswer
from ai_pod.errors import BadRequest, CallRefused, ChatbotUnavailable

router = APIRouter(prefix="/v1", dependencies=[Caller])

_requests = msgspec.json.Decoder(ReplyRequest)


@router.post("/desks/{desk}/tools/{tool}")
async def call(desk: str, tool: str, request: Request, parts: PodParts) -> Response:
    """What the tool tells. The chatbot is woken for it, as for a question."""
    try:
        asked = _requests.decode(await request.body())
    except msgspec.DecodeError as error:
        raise BadRequest(f"the body is no request: {error}") from error
    if asked.tool is None or (asked.desk, asked.tool.name) != (desk, tool):
        raise BadRequest(f"the path names {tool} of {desk}, and the body does not")
    reply = parts.orchestrator.chat.reply(asked)
    # An async generator, which its annotation as an iterator does not say.
    async with aclosing(reply) as events:  # type: ignore[type-var]
        told = [event async for event in events]
    return json(_answer(told[-1] if told else None))


def _answer(last: RunEvent | None) -> ToolAnswer:
    """Raises CallRefused, ChatbotUnavailable."""
    if last is None or last.kind not in (RunEventKind.DONE, RunEventKind.ERROR):
        raise ChatbotUnavailable("this pod is ending; ask again")
    if last.kind is RunEventKind.ERROR:
        kind = CallRefused if last.data.get("code") == CallRefused.code else ChatbotUnavailable
        raise kind(str(last.data.get("detail", "the tool failed")))
    return msgspec.convert(last.data, ToolAnswer)
