"""A run survives its pod, its chatbot's process and its back end: it is begun anew visibly, ends
with the text that it would have had, and two never write.
"""

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from sqlalchemy import func, select, update

from ai_pod.contracts import keys
from ai_pod.contracts.chat import ReplyRequest, RunEvent, RunEventKind
from backend.chat import recovery, runs, turn
from backend.chat.answers import failed, finish
from backend.chat.events import RunLost
from backend.chat.runs import Held
from backend.database import transaction
from backend.models import Message, Run, RunState
from backend.settings import Settings
from tests.support.build_backend import Backend, running_backend
from tests.support.build_live import Server, backend_process
from tests.support.chat_scripts import Events, Stuck, broken_after, crashing_once
from tests.support.chat_web import THREADS, Heard, ask, client_of, resume, thread_of
from tests.support.fake_pod import answer_in_words, running_pod
from tests.support.people import until

WHOLE = ["step", "token", "token", "token", "citation", "done"]
TEXT = "You asked: Hello"


def restarts(heard: Heard) -> list[object]:
    return [data["reason"] for _, kind, data in heard.events if data.get("name") == "restarted"]


async def test_when_the_pod_breaks_off_another_begins_anew_visibly(
    backend: Backend, web: httpx.AsyncClient
) -> None:
    """Wherever it breaks off."""
    state = backend.state
    async with (
        running_pod(state.redis, "pod-1", state.settings.secret) as broken,
        running_pod(state.redis, "pod-2", state.settings.secret),
    ):
        for cut in range(len(WHOLE)):
            broken.script = broken_after(cut)
            heard = await ask(web, await thread_of(web), "Hello")
            assert heard.kinds == [*WHOLE[:cut], "step", *WHOLE]
            assert restarts(heard) == ["the pod stopped answering"]
            assert heard.last["text"] == TEXT


async def test_an_answer_that_begins_anew_keeps_its_instructions(
    backend: Backend, web: httpx.AsyncClient
) -> None:
    """The version that its first pod has told, whatever was promoted meanwhile."""

    async def broken(_request: ReplyRequest) -> Events:
        bound = {"name": "understand", "instructions": 7, "label": "canary"}
        yield RunEvent(kind=RunEventKind.STEP, data=bound)
        yield None

    async def whole(request: ReplyRequest) -> Events:
        done = {"text": TEXT, "instructions": request.instructions, "label": request.label}
        yield RunEvent(kind=RunEventKind.DONE, data=done | {"grounded": True})

    state = backend.state
    async with (
        running_pod(state.redis, "pod-1", state.settings.secret, broken) as first,
        running_pod(state.redis, "pod-2", state.settings.secret, whole) as second,
    ):
        thread = await thread_of(web)
        await ask(web, thread, "Hello")
    assert (first.asked[0].instructions, second.asked[0].instructions) == (0, 7)
    answer = (await web.get(f"{THREADS}/{thread}/messages")).json()["items"][1]
    assert (answer["data"]["instructions"], answer["data"]["label"]) == (7, "canary")
    counted = (await web.get("/metrics")).text
    assert 'backend_chat_answers_total{grounded="true",label="canary",version="7"} 1.0' in counted


async def test_a_chatbot_that_died_is_asked_again_where_there_is_no_other_pod(
    backend: Backend, web: httpx.AsyncClient
) -> None:
    state = backend.state
    async with running_pod(state.redis, "pod-1", state.settings.secret, crashing_once()):
        heard = await ask(web, await thread_of(web), "Hello")
    assert heard.kinds == ["token", "step", *WHOLE]
    async with transaction(state.sessions) as session:
        assert (await session.get_one(Run, heard.run)).attempts == 2


async def test_a_pod_that_stands_still_is_left_when_its_heart_does_not_beat(
    backend: Backend, web: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turn, "LOOK_SECONDS", 0.1)
    stuck, state, secret = Stuck(), backend.state, backend.state.settings.secret
    async with running_pod(state.redis, "pod-2", secret):
        async with running_pod(state.redis, "pod-1", secret, stuck) as frozen:
            first = await ask(web, await thread_of(web), "Hello", most=1)
            assert frozen.beating is not None
            frozen.beating.cancel()
            await asyncio.wait({frozen.beating})
            await state.redis.delete(keys.pod("pod-1"))
            rest = await resume(web, first)
        assert rest.kinds == ["step", *WHOLE]
        await asyncio.wait_for(stuck.left.wait(), 10)


@asynccontextmanager
async def another_process(settings: Settings) -> AsyncIterator[Server]:
    """`python -m backend` on the same stores."""
    process = backend_process(settings.database_url, settings.redis_url)
    with contextlib.ExitStack() as stack:
        server = await asyncio.to_thread(stack.enter_context, process)
        await until(lambda: server.says("/readyz", 200), 60)
        yield server


async def test_another_back_end_goes_on_when_one_is_killed(
    backend: Backend, web: httpx.AsyncClient, settings: Settings
) -> None:
    stuck, state = Stuck(epochs=1), backend.state
    async with running_pod(state.redis, "pod-1", state.settings.secret, stuck) as pod:
        thread = await thread_of(web)
        async with (
            another_process(settings) as server,
            httpx.AsyncClient(base_url=server.url, headers=web.headers, timeout=20) as doomed,
        ):
            first = await ask(doomed, thread, "Hello", most=1)
            server.process.send_signal(signal.SIGKILL)
            await asyncio.to_thread(server.process.wait)
        await _lapse(backend, first.run)
        rest = await resume(web, first)
    assert (first.kinds, rest.kinds) == (["token"], ["step", *WHOLE])
    assert restarts(rest) == ["the service restarted"]
    assert rest.last["text"] == TEXT
    assert [one.epoch for one in pod.asked] == [1, 2]
    messages = (await web.get(f"{THREADS}/{thread}/messages")).json()["items"]
    assert [message["text"] for message in messages] == ["Hello", TEXT]


async def test_a_back_end_that_ends_in_order_lets_go_at_once(
    backend: Backend, web: httpx.AsyncClient, settings: Settings
) -> None:
    state = backend.state
    async with running_pod(state.redis, "pod-1", state.settings.secret, Stuck(epochs=1)):
        thread = await thread_of(web)
        async with running_backend(settings) as ending, client_of(ending, web.headers) as there:
            first = await ask(there, thread, "Hello", most=1)
        rest = await resume(web, first)
    assert rest.kinds == ["step", *WHOLE]
    async with transaction(state.sessions) as session:
        run = await session.get_one(Run, first.run)
        assert (run.epoch, run.owner, run.state) == (2, state.name, RunState.DONE)


@pytest.fixture
def standing_still(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who holds a run does not renew its lease, and nobody takes it before it lapses."""
    for name in ("LEASE_SECONDS", "RENEW_SECONDS"):
        monkeypatch.setattr(runs, name, 3600.0)


@pytest.mark.usefixtures("standing_still")
async def test_who_has_lost_a_run_can_neither_write_nor_end_it(
    backend: Backend, web: httpx.AsyncClient
) -> None:
    """As one that stood still for longer than its lease."""
    state = backend.state
    async with running_pod(state.redis, "pod-1", state.settings.secret, Stuck(epochs=1)):
        first = await ask(web, await thread_of(web), "Hello", most=1)
        await _lapse(backend, first.run)
        rest = await resume(web, first)
    late = failed("too_late", "")
    with pytest.raises(RunLost):
        await finish(state, Held(first.run, 1, None), late, asked=())
    assert rest.kinds == ["step", *WHOLE]
    async with transaction(state.sessions) as session:
        assert (await session.get_one(Run, first.run)).state == RunState.DONE
        answers = select(func.count()).where(Message.run_id == first.run)
        assert await session.scalar(answers.where(Message.role == "assistant")) == 1


async def test_a_run_whose_stream_redis_has_lost_is_begun_anew(
    backend: Backend, web: httpx.AsyncClient
) -> None:
    go_on, state = asyncio.Event(), backend.state

    async def halting(request: ReplyRequest) -> Events:
        async for event in answer_in_words(request):
            yield event
            await go_on.wait()

    async with running_pod(state.redis, "pod-1", state.settings.secret, halting):
        first = await ask(web, await thread_of(web), "Hello", most=1)
        await state.redis.delete(keys.run(first.run))
        go_on.set()
        rest = await resume(web, first)
    assert rest.kinds == ["step", *WHOLE]


@pytest.mark.usefixtures("standing_still")
@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"epoch": turn.MOST_HOLDERS}, "backend_gone"),
        ({"request": None}, "backend_gone"),
        ({"created_at": func.now() - func.make_interval(0, 0, 0, 1)}, "too_long"),
    ],
)
async def test_what_cannot_be_gone_on_with_ends(
    backend: Backend, web: httpx.AsyncClient, change: dict[str, object], code: str
) -> None:
    state = backend.state
    async with running_pod(state.redis, "pod-1", state.settings.secret, Stuck(epochs=1)):
        first = await ask(web, await thread_of(web), "Hello", most=1)
        await _lapse(backend, first.run, **change)
        rest = await resume(web, first)
    assert [kind for kind in rest.kinds if kind != "step"] == ["error"]
    assert rest.last["code"] == code


async def _lapse(backend: Backend, run: str, **change: object) -> None:
    """The lease of the run, whose holder stands still or is gone, has run out."""
    change = {"lease_until": func.now() - func.make_interval(0, 0, 0, 0, 1)} | change
    async with transaction(backend.state.sessions) as session:
        await session.execute(update(Run).where(Run.id == run).values(change))
    await recovery.take(backend.state)
