"""An answer is stopped at once, from any device, whatever its pod and its back end do."""

import asyncio

import httpx
import pytest

from backend.chat import events, runs, service
from backend.database import transaction
from backend.models import Run, RunState, Thread, new_id
from backend.settings import Settings
from tests.support.build_backend import Backend, running_backend
from tests.support.chat_scripts import Stuck
from tests.support.chat_web import THREADS, ask, client_of, resume, thread_of
from tests.support.fake_pod import running_pod

SOON = 10.0
"""More than a loaded machine takes; far less than any patience with a pod."""


@pytest.fixture
def by_word(monkeypatch: pytest.MonkeyPatch) -> None:
    """A run's end is heard at once or, by its lease, after the test."""
    for name in ("LEASE_SECONDS", "RENEW_SECONDS"):
        monkeypatch.setattr(runs, name, 3600.0)


@pytest.mark.usefixtures("by_word")
async def test_cancel_ends_an_answer_that_the_pod_would_not_end(
    backend: Backend, web: httpx.AsyncClient
) -> None:
    stuck, state = Stuck(), backend.state
    async with running_pod(state.redis, "pod-1", state.settings.secret, stuck):
        thread = await thread_of(web)
        first = await ask(web, thread, "Hello", most=1)
        busy = await web.post(f"{THREADS}/{thread}/messages", json={"text": "Again"})
        assert (busy.status_code, busy.json()["code"]) == (409, "run_in_progress")
        async with asyncio.timeout(SOON):
            assert (await web.post(f"{THREADS}/{thread}/cancel")).status_code == 204
            rest = await resume(web, first)
        assert [(kind, data["code"]) for _, kind, data in rest.events] == [("error", "cancelled")]
        await asyncio.wait_for(stuck.left.wait(), SOON)
    async with transaction(state.sessions) as session:
        run = await session.get_one(Run, first.run)
        assert (run.state, run.request) == (RunState.CANCELLED, None)
    assert (await web.post(f"{THREADS}/{thread}/cancel")).status_code == 204


@pytest.mark.usefixtures("by_word")
async def test_any_back_end_can_cancel_and_the_pod_is_told(
    backend: Backend, web: httpx.AsyncClient, settings: Settings
) -> None:
    stuck, state = Stuck(), backend.state
    async with (
        running_backend(settings) as other,
        client_of(other, web.headers) as elsewhere,
        running_pod(state.redis, "pod-1", state.settings.secret, stuck),
    ):
        thread = await thread_of(web)
        first = await ask(web, thread, "Hello", most=1)
        await elsewhere.post(f"{THREADS}/{thread}/cancel")
        assert (await resume(web, first)).last["code"] == "cancelled"
        await asyncio.wait_for(stuck.left.wait(), SOON)


async def test_a_word_that_was_missed_is_made_good_by_the_lease(
    backend: Backend, web: httpx.AsyncClient
) -> None:
    """Redis loses what nobody listened to."""
    stuck, state = Stuck(), backend.state
    async with running_pod(state.redis, "pod-1", state.settings.secret, stuck):
        first = await ask(web, await thread_of(web), "Hello", most=1)
        async with transaction(state.sessions) as session:
            run = await session.get_one(Run, first.run)
            run.state = RunState.CANCELLED
        await asyncio.wait_for(stuck.left.wait(), SOON)


async def test_a_run_without_anybody_at_work_is_cancelled(
    backend: Backend, web: httpx.AsyncClient
) -> None:
    """Its back end is gone, and no other has taken it yet."""
    thread, state = await thread_of(web), backend.state
    async with transaction(state.sessions) as session:
        owner = await session.get_one(Thread, thread)
        run = Run(id=new_id("run"), organisation_id=owner.organisation_id, thread_id=thread)
        session.add(run)
    await web.post(f"{THREADS}/{thread}/cancel")
    assert await events.ended(state.redis, run.id)
    last = await service.end_of(state, run.id)
    assert last is not None
    assert last.data["code"] == "cancelled"


async def test_an_answer_that_was_given_cannot_be_cancelled(
    backend: Backend, web: httpx.AsyncClient
) -> None:
    state = backend.state
    async with running_pod(state.redis, "pod-1", state.settings.secret):
        thread = await thread_of(web)
        heard = await ask(web, thread, "Hello")
        await web.post(f"{THREADS}/{thread}/cancel")
    assert heard.kinds[-1] == "done"
    async with transaction(state.sessions) as session:
        run = await session.get_one(Run, heard.run)
        assert run.state == RunState.DONE
        assert await runs.locked(session, run.id) is None
