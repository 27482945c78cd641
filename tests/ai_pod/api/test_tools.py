"""A tool's call between back end and pod: the route, and the client of it."""

from collections.abc import AsyncIterator

import httpx
import msgspec
import pytest

from ai_pod.app import create_app
from ai_pod.contracts.chat import ReplyRequest, RunEvent, RunEventKind
from ai_pod.contracts.client import PodClient, PodUnavailable, ToolRefused
from ai_pod.contracts.tools import Statement, ToolAnswer, ToolCall
from ai_pod.settings import PodSettings

SECRET = "a-secret-of-tests-that-is-long-enough"
REQUEST = ReplyRequest(
    run="call-1",
    thread="",
    desk="desk-1",
    organisation="org-1",
    user="user-1",
    pool="XNYS",
    text="",
    tool=ToolCall(name="cash"),
)
ANSWER = ToolAnswer(statements=(Statement(text="The desk has 1 USD in cash.", sources=("f1",)),))


class Chatbot:
    """Says what it was told to, in place of the pod's conversations."""

    def __init__(self, *events: RunEvent) -> None:
        self.events = events
        self.asked: list[ReplyRequest] = []

    async def reply(self, request: ReplyRequest) -> AsyncIterator[RunEvent]:
        self.asked.append(request)
        for event in self.events:
            yield event


class Pod:
    """A pod's routes around a chatbot, and a back end's client of them."""

    def __init__(self, *events: RunEvent) -> None:
        self.chat = Chatbot(*events)
        app = create_app(PodSettings(pod="pod-1", secret=SECRET), "http://pod")
        app.state.parts.orchestrator.chat = self.chat
        self.http = httpx.AsyncClient(transport=httpx.ASGITransport(app))
        self.client = PodClient(self.http, "http://pod", SECRET, "backend")


def error(code: str) -> RunEvent:
    return RunEvent(kind=RunEventKind.ERROR, data={"code": code, "detail": "It says why."})


async def test_a_tool_answers_on_the_desk_of_the_request() -> None:
    pod = Pod(RunEvent(kind=RunEventKind.DONE, data=msgspec.to_builtins(ANSWER)))
    assert await pod.client.call_tool(REQUEST) == ANSWER
    assert pod.chat.asked == [REQUEST]


async def test_a_call_that_makes_no_sense_is_told_and_a_pod_that_cannot_is_another_matter() -> None:
    with pytest.raises(ToolRefused, match=r"It says why\."):
        await Pod(error("call_refused")).client.call_tool(REQUEST)
    for pod in (Pod(error("busy")), Pod()):
        with pytest.raises(PodUnavailable, match="answered 503") as unavailable:
            await pod.client.call_tool(REQUEST)
        assert not isinstance(unavailable.value, ToolRefused)


async def test_path_and_body_name_the_same_and_nobody_enters_without_a_token() -> None:
    pod = Pod()
    url, body = "http://pod/v1/desks/desk-2/tools/cash", msgspec.json.encode(REQUEST)
    other = await pod.http.post(url, content=body, headers=pod.client.headers())
    assert (other.status_code, other.json()["code"]) == (422, "bad_request")
    assert (await pod.http.post(url, content=body)).status_code == 401
    assert not pod.chat.asked
