"""The backend's client of a pod: events as they are sent, and one error for all that goes wrong."""

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ai_pod.contracts.chat import ReplyRequest, RunEvent, RunEventKind
from ai_pod.contracts.client import PodClient, PodUnavailable
from ai_pod.contracts.tokens import verify

SECRET = "a secret that is long enough to sign with"
REQUEST = ReplyRequest(
    run="r", thread="t", desk="d", organisation="o", user="u", pool="XNYS", text="hello"
)
STREAM = (
    'event: token\ndata: {"text":"Hello"}\n\n'
    ": a comment keeps the connection\n\n"
    'event: mood\ndata: {"of":"a newer pod"}\n\n'
    'event: done\ndata: {"text":"Hello"}\n\n'
)


def pod(status: int = 200) -> Starlette:
    """A pod that answers every thread alike, to those with a token."""

    async def reply(request: Request) -> Response:
        token = request.headers["Authorization"].removeprefix("Bearer ")
        assert verify(SECRET, token, audience="ai-pod") == "backend"
        return Response(STREAM, status, media_type="text/event-stream")

    return Starlette(routes=[Route("/v1/threads/t/reply", reply, methods=["POST"])])


async def events(status: int = 200) -> list[RunEvent]:
    transport = httpx.ASGITransport(pod(status))
    async with httpx.AsyncClient(transport=transport) as http:
        client = PodClient(http, "http://pod", SECRET, "backend")
        return [event async for event in client.reply(REQUEST)]


async def test_events_come_as_sent_and_a_newer_pods_other_kinds_are_passed_over() -> None:
    assert await events() == [
        RunEvent(kind=RunEventKind.TOKEN, data={"text": "Hello"}),
        RunEvent(kind=RunEventKind.DONE, data={"text": "Hello"}),
    ]


async def test_an_error_of_the_pod_is_said_to_be_one() -> None:
    with pytest.raises(PodUnavailable, match="/v1/threads/t/reply answered 503"):
        await events(503)
