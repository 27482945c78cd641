"""`/v1/chat/completions` and `/v1/models`, as OpenAI's clients call them with a desk's key.

They stand outside of our API's description: OpenAI's own holds for them, but for what
`docs/doors.md` says.
"""

from typing import Any

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse, StreamingResponse

from backend.dependencies import CurrentState
from backend.doors.entering import ChatKeyHolder, KeyHolder
from backend.doors.openai import service
from backend.doors.openai.reading import MODEL, check_model, read
from backend.doors.openai.schemas import CompletionRequest
from backend.doors.pace import Pace

router = APIRouter(prefix="/v1", include_in_schema=False)

MADE = 1_767_225_600
"""When the model was made, as OpenAI's form wants to know: 2026-01-01."""

_MODEL = {"id": MODEL, "object": "model", "created": MADE, "owned_by": "shiftdesk"}


@router.get("/models")
async def get_models(_holder: KeyHolder) -> dict[str, Any]:
    return {"object": "list", "data": [_MODEL]}


@router.get("/models/{model}")
async def get_model(model: str, _holder: KeyHolder) -> dict[str, Any]:
    check_model(model)
    return _MODEL


@router.post("/chat/completions")
async def complete(body: CompletionRequest, holder: ChatKeyHolder, state: CurrentState) -> Response:
    """Ask. An answer that is not streamed comes whole, once it is known to have no number without
    a source.
    """
    asked = read(body)
    run = await service.begin(state, holder, asked)
    headers = {"X-Run-Id": run} | _pace(holder.pace)
    if not body.stream:
        return JSONResponse(await service.whole(state, run), headers=headers)
    usage = body.stream_options is not None and body.stream_options.include_usage
    sent = await service.stream(state, run, usage=usage)
    return StreamingResponse(
        sent, media_type="text/event-stream", headers=headers | {"X-Accel-Buffering": "no"}
    )


def _pace(pace: Pace) -> dict[str, str]:
    return {
        "x-ratelimit-limit-requests": str(pace.limit),
        "x-ratelimit-remaining-requests": str(pace.left),
        "x-ratelimit-reset-requests": f"{pace.seconds}s",
    }
