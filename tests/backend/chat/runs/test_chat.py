"""A chat turn over real sockets: streamed, resumed, kept, and nobody else's."""

import asyncio
from collections.abc import AsyncIterator

import httpx

from ai_pod.contracts import keys
from ai_pod.contracts.chat import ReplyRequest, RunEvent, RunEventKind
from backend.models import Role
from tests.support.build_backend import Backend
from tests.support.chat_web import THREADS, ask, listen, thread_of
from tests.support.fake_pod import answer_in_words, running_pod


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
