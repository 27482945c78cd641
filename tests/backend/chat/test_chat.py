"""A chat turn over real sockets: streamed, resumed, cancelled, and moved when its pod dies."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import httpx
import pytest

from ai_pod.contracts import keys
from ai_pod.contracts.chat import ReplyRequest, RunEvent, RunEventKind
from backend import keys as our_keys
from backend.chat import events, service
from backend.database import transaction
from backend.models import Role, Run, RunState
from tests.support.build_backend import Backend
from tests.support.fake_pod import answer_in_words, running_pod, serving

THREADS = "/api/v1/threads"


@dataclass
class Heard:
    """What a stream of server-sent events said."""

    run: str
    events: list[tuple[str, str, dict[str, object]]] = field(default_factory=list)

    @property
    def kinds(self) -> list[str]:
        return [kind for _, kind, _ in self.events]

    @property
    def last(self) -> dict[str, object]:
        return self.events[-1][2]

    def take(self, lines: list[str]) -> None:
        parts = dict(line.split(": ", 1) for line in lines if not line.startswith(":"))
        if parts:
            data = json.loads(parts["data"])
            self.events.append((parts.get("id", ""), parts["event"], data))


async def listen(response: httpx.Response, most: int = 1000) -> Heard:
    heard, lines = Heard(response.headers["x-run-id"]), list[str]()
    async for line in response.aiter_lines():
        if line:
            lines.append(line)
        else:
            heard.take(lines)
            lines = []
            if len(heard.events) >= most:
                break
    return heard


@pytest.fixture
async def web(backend: Backend) -> AsyncIterator[httpx.AsyncClient]:
    """A trader's client over a real socket."""
    await backend.user("ann", Role.TRADER)
    headers = await backend.sign_in("ann")
    app = _without_lifespan(backend)
    async with (
        serving(app) as url,
        httpx.AsyncClient(base_url=url, headers=headers, timeout=20) as client,
    ):
        yield client


def _without_lifespan(backend: Backend) -> object:
    """The running app, served a second time: its lifespan runs already."""

    async def app(scope: dict[str, object], receive: object, send: object) -> None:
        if scope["type"] == "lifespan":
            raise RuntimeError("runs already")
        await backend.app(scope, receive, send)  # type: ignore[arg-type]  # ASGI's own types

    return app


async def thread_of(web: httpx.AsyncClient) -> str:
    answer = await web.post(THREADS)
    assert answer.status_code == 201
    return str(answer.json()["id"])


async def ask(web: httpx.AsyncClient, thread: str, text: str, most: int = 1000) -> Heard:
    body = {"text": text}
    async with web.stream("POST", f"{THREADS}/{thread}/messages", json=body) as response:
        assert response.status_code == 200, await response.aread()
        return await listen(response, most)


def secret(backend: Backend) -> str:
    return backend.state.settings.secret


async def test_an_answer_streams_and_is_kept(backend: Backend, web: httpx.AsyncClient) -> None:
    async with running_pod(backend.state.redis, "pod-1", secret(backend)) as pod:
        thread = await thread_of(web)
        heard = await ask(web, thread, "What do I hold?")
        assert heard.kinds == ["step", "token", "token", "token", "citation", "done"]
        assert heard.last["text"] == "You asked: What do I hold?"
        await ask(web, thread, "And now?")
        assert [turn.text for turn in pod.asked[1].history] == [
            "What do I hold?",
            "You asked: What do I hold?",
        ]
    messages = (await web.get(f"{THREADS}/{thread}/messages")).json()["items"]
    assert [message["role"] for message in messages] == ["user", "assistant"] * 2
    assert messages[1]["data"]["citations"] == [{"id": "n1", "title": "A note"}]
    assert messages[1]["data"]["grounded"] is True
    (view,) = (await web.get(THREADS)).json()["items"]
    assert view["title"] == "What do I hold?"
    assert view["running"] is None


async def test_a_listener_that_comes_back_gets_exactly_what_it_missed(
    backend: Backend, web: httpx.AsyncClient
) -> None:
    go = asyncio.Event()

    async def slow(request: ReplyRequest) -> AsyncIterator[RunEvent | None]:
        async for event in answer_in_words(request):
            yield event
            if event is not None and event.kind is RunEventKind.STEP:
                await go.wait()

    async with running_pod(backend.state.redis, "pod-1", secret(backend), slow):
        first = await ask(web, await thread_of(web), "Hello", most=1)
        assert first.kinds == ["step"]
        go.set()
        url, seen = f"/api/v1/runs/{first.run}/events", {"Last-Event-ID": first.events[0][0]}
        async with web.stream("GET", url, headers=seen) as response:
            rest = await listen(response)
        assert rest.kinds == ["token", "token", "token", "citation", "done"]
        async with web.stream("GET", url) as response:
            everything = await listen(response)
        assert everything.events == first.events + rest.events


async def test_when_the_pod_breaks_off_another_begins_anew_visibly(
    backend: Backend, web: httpx.AsyncClient
) -> None:
    async def broken(request: ReplyRequest) -> AsyncIterator[RunEvent | None]:
        yield RunEvent(kind=RunEventKind.TOKEN, data={"text": "You a"})
        yield None

    state = backend.state
    async with (
        running_pod(state.redis, "pod-1", secret(backend), broken),
        running_pod(state.redis, "pod-2", secret(backend)),
    ):
        heard = await ask(web, await thread_of(web), "Hello")
    assert heard.kinds[:2] == ["token", "step"]
    assert heard.events[1][2]["name"] == "restarted"
    assert heard.kinds[-1] == "done"
    assert heard.last["text"] == "You asked: Hello"


async def test_when_no_other_pod_can_answer_the_run_ends_with_an_error(
    backend: Backend, web: httpx.AsyncClient
) -> None:
    async def broken(request: ReplyRequest) -> AsyncIterator[RunEvent | None]:
        yield None

    thread = await thread_of(web)
    assert (await ask(web, thread, "Hello")).last["code"] == "no_pod"
    async with running_pod(backend.state.redis, "pod-1", secret(backend), broken):
        heard = await ask(web, thread, "Hello")
    assert heard.kinds == ["error"]
    assert heard.last["code"] == "pod_unavailable"


async def test_cancel_ends_an_answer_that_the_pod_would_not_end(
    backend: Backend, web: httpx.AsyncClient
) -> None:
    async def endless(request: ReplyRequest) -> AsyncIterator[RunEvent | None]:
        yield RunEvent(kind=RunEventKind.TOKEN, data={"text": "…"})
        await asyncio.Event().wait()

    async with running_pod(backend.state.redis, "pod-1", secret(backend), endless):
        thread = await thread_of(web)
        first = await ask(web, thread, "Hello", most=1)
        busy = await web.post(f"{THREADS}/{thread}/messages", json={"text": "Again"})
        assert (busy.status_code, busy.json()["code"]) == (409, "run_in_progress")
        assert (await web.post(f"{THREADS}/{thread}/cancel")).status_code == 204
        assert await backend.state.redis.exists(keys.run_cancel(first.run))
        async with web.stream("GET", f"/api/v1/runs/{first.run}/events") as response:
            rest = await listen(response)
    assert rest.last["code"] == "cancelled"
    async with transaction(backend.state.sessions) as session:
        assert (await session.get_one(Run, first.run)).state == RunState.CANCELLED


async def test_the_same_idempotency_key_asks_once(backend: Backend, web: httpx.AsyncClient) -> None:
    async with running_pod(backend.state.redis, "pod-1", secret(backend)) as pod:
        thread = await thread_of(web)
        url, key = f"{THREADS}/{thread}/messages", {"Idempotency-Key": "k1"}
        runs = set()
        for _ in range(2):
            async with web.stream("POST", url, json={"text": "Hi"}, headers=key) as response:
                runs.add((await listen(response)).run)
        assert len(runs) == 1
        assert len(pod.asked) == 1
        other = await web.post(url, json={"text": "Another"}, headers=key)
        assert (other.status_code, other.json()["code"]) == (422, "key_reused")


async def test_somebody_elses_thread_and_run_are_404(
    backend: Backend, web: httpx.AsyncClient
) -> None:
    async with running_pod(backend.state.redis, "pod-1", secret(backend)):
        thread = await thread_of(web)
        heard = await ask(web, thread, "Hello")
    await backend.user("bob", Role.OPERATOR)
    theirs = await backend.sign_in("bob")
    for method, path in (
        ("GET", f"{THREADS}/{thread}/messages"),
        ("POST", f"{THREADS}/{thread}/messages"),
        ("POST", f"{THREADS}/{thread}/cancel"),
        ("GET", f"/api/v1/runs/{heard.run}/events"),
    ):
        body = {"text": "Hi"} if path.endswith("messages") and method == "POST" else None
        answer = await web.request(method, path, json=body, headers=theirs)
        assert answer.status_code == 404, path


async def test_a_run_whose_back_end_is_gone_ends(backend: Backend, web: httpx.AsyncClient) -> None:
    async def endless(request: ReplyRequest) -> AsyncIterator[RunEvent | None]:
        yield RunEvent(kind=RunEventKind.TOKEN, data={"text": "…"})
        await asyncio.Event().wait()

    state = backend.state
    async with running_pod(state.redis, "pod-1", secret(backend), endless):
        first = await ask(web, await thread_of(web), "Hello", most=1)
        task = next(one for one in asyncio.all_tasks() if one.get_name() == f"chat-{first.run}")
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
    assert await events.ended(state.redis, first.run)
    async with transaction(state.sessions) as session:
        run = await session.get_one(Run, first.run)
        run.state, run.ended_at = RunState.RUNNING, None
        run.created_at -= service.ORPHAN_AFTER * 2
    await state.redis.delete(our_keys.run_alive(first.run))
    await service.end_orphans(state)
    async with transaction(state.sessions) as session:
        assert (await session.get_one(Run, first.run)).error_code == "backend_gone"


async def test_an_ended_run_is_told_after_its_stream_is_gone(
    backend: Backend, web: httpx.AsyncClient
) -> None:
    async with running_pod(backend.state.redis, "pod-1", secret(backend)):
        heard = await ask(web, await thread_of(web), "Hello")
    await backend.state.redis.delete(keys.run(heard.run))
    async with web.stream("GET", f"/api/v1/runs/{heard.run}/events") as response:
        again = await listen(response)
    assert again.kinds == ["done"]
    assert again.last["text"] == heard.last["text"]
    wrong = {"Last-Event-ID": "nonsense"}
    refused = await web.get(f"/api/v1/runs/{heard.run}/events", headers=wrong)
    assert refused.json()["code"] == "invalid_event_id"
