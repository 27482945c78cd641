"""A turn keeps the version of the instructions that it began with, also when another pod, or
another back end, begins its answer anew.
"""

import msgspec
from redis.asyncio import Redis

from ai_pod.contracts import keys
from ai_pod.contracts.chat import ReplyRequest, RunEvent, RunEventKind

FIRST_EVENTS = 20
"""Among so many the version is told: a turn's first event is a step."""


async def bound(redis: Redis, request: ReplyRequest) -> ReplyRequest:
    """The request, bound to the version that its run's first steps tell, if one does."""
    found = await redis.xrange(keys.run(request.run), count=FIRST_EVENTS)
    for _, fields in found or []:
        event = msgspec.json.decode((fields or {})[keys.FIELD.encode()], type=RunEvent)
        version = event.data.get("instructions")
        if event.kind is RunEventKind.STEP and version:
            label = str(event.data.get("label", ""))
            return msgspec.structs.replace(request, instructions=int(version), label=label)
    return request
