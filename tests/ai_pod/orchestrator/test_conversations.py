"""Chat on demand, with a real little chatbot: woken, cancelled, dead in a run, dormant again."""

import asyncio
from contextlib import aclosing
from types import SimpleNamespace

import httpx
import pytest
from fastapi import FastAPI
from msgspec.structs import replace

from ai_pod.api import chat
from ai_pod.contracts.agents import AgentName, AgentState
from ai_pod.contracts.chat import ReplyRequest, RunEvent, RunEventKind
from ai_pod.contracts.client import PodClient
from ai_pod.contracts.plan import Phase
from ai_pod.errors import ChatbotUnavailable
from ai_pod.orchestrator.leaving import POLL_SECONDS, Leaving
from ai_pod.orchestrator.orchestrator import Orchestrator
from tests.support.build_pod import Stage, always, running, until
from tests.support.fake_pod import serving
from tests.support.little_agent import instruct

SECRET = "a-secret-of-tests-that-is-long-enough"


def _question(text: str, run: str = "run-1") -> ReplyRequest:
    return ReplyRequest(
        run=run,
        thread="thread-1",
        desk="desk-1",
        organisation="org-1",
        user="user-1",
        pool="XNYS",
        text=text,
    )


async def answer(pod: Orchestrator, text: str, run: str = "run-1") -> list[RunEvent]:
    return [event async for event in pod.chat.reply(_question(text, run))]


async def test_the_first_question_wakes_it_and_idleness_ends_it(stage: Stage) -> None:
    async with running(stage.orchestrator(chat_idle_seconds=1.0)) as pod:
        chatbot = pod.agents[AgentName.CHATBOT]
        assert chatbot.state is AgentState.DORMANT
        both = await asyncio.gather(answer(pod, "one two"), answer(pod, "three", "run-2"))
        assert [[e.data["text"] for e in events] for events in both] == [
            ["one", "two", "one two"],
            ["three", "three"],
        ]
        await until(lambda: chatbot.state is AgentState.DORMANT)
        assert not chatbot.running
        assert (await answer(pod, "again"))[-1].kind is RunEventKind.DONE


async def test_a_caller_that_leaves_cancels_its_run(stage: Stage) -> None:
    async with running(stage.orchestrator()) as pod:
        events = pod.chat.reply(_question("first wait"))
        assert (await anext(events)).data == {"text": "first"}
        await events.aclose()
        await until(lambda: stage.redis.exists("little:cancelled"))


async def test_a_caller_whose_connection_is_gone_cancels_its_run(stage: Stage) -> None:
    """The server cancels the answer's task again at each of its awaits."""
    async with running(stage.orchestrator()) as pod:
        app = FastAPI()
        app.include_router(chat.router)
        app.state.parts = SimpleNamespace(orchestrator=pod, secret=SECRET)
        async with serving(app) as url, httpx.AsyncClient() as http:
            events = PodClient(http, url, SECRET, "backend").reply(_question("first wait"))
            async with aclosing(events) as reply:  # type: ignore[type-var]
                assert (await anext(reply)).data == {"text": "first"}
            await until(lambda: stage.redis.exists("little:cancelled"))
        assert pod.chat.answering == 0


async def test_a_run_that_is_asked_again_is_answered_beside_the_first_asking(
    stage: Stage,
) -> None:
    """By another back end; the first one's end does not touch it."""
    async with running(stage.orchestrator()) as pod:
        first = pod.chat.reply(_question("first wait"))
        assert (await anext(first)).data == {"text": "first"}
        second = pod.chat.reply(replace(_question("two words"), epoch=2))
        assert (await anext(second)).data == {"text": "two"}
        await first.aclose()
        await until(lambda: stage.redis.exists("little:cancelled"))
        assert [event.data["text"] async for event in second] == ["words", "two words"]
        assert await stage.redis.lrange("little:cancelled", 0, -1) == [b"run-1"]


async def test_a_chatbot_that_dies_is_told_and_woken_again(stage: Stage) -> None:
    async with running(stage.orchestrator()) as pod:
        events = await answer(pod, "well die")
        assert [e.kind for e in events] == [RunEventKind.TOKEN, RunEventKind.ERROR]
        assert events[-1].data["code"] == "chatbot_ended"
        assert (await answer(pod, "again"))[-1].kind is RunEventKind.DONE


async def test_a_question_that_waits_for_the_next_chatbot_is_answered(stage: Stage) -> None:
    """Those before it have died one after the other, so that the pause before a start is long."""
    async with running(stage.orchestrator(chat_idle_seconds=0.2)) as pod:
        for _ in range(3):
            assert (await answer(pod, "well die"))[-1].kind is RunEventKind.ERROR
        assert (await answer(pod, "again"))[-1].kind is RunEventKind.DONE


async def test_a_chatbot_that_does_not_start_is_told(stage: Stage) -> None:
    instruct(stage.url, "chatbot", "warm", "fail")
    async with running(stage.orchestrator()) as pod:
        with pytest.raises(ChatbotUnavailable):
            await answer(pod, "hello")


async def test_a_pod_leaves_when_its_answers_are_given(stage: Stage) -> None:
    """Its desks sit elsewhere long before."""
    async with running(stage.orchestrator()) as pod:
        await stage.announce(always(Phase.PAUSED))
        asking = asyncio.create_task(answer(pod, "first wait"))
        await until(lambda: pod.agents[AgentName.CHATBOT].state is AgentState.ACTIVE)
        leaving = asyncio.create_task(Leaving(pod, 60.0, lambda: None).leave())
        await asyncio.wait({leaving}, timeout=5 * POLL_SECONDS)
        assert not pod.chat.closed
        asking.cancel()
        await asyncio.wait_for(leaving, 30)


async def test_a_pod_that_ends_gives_no_last_event(stage: Stage) -> None:
    """So that its caller asks another pod, as when this one had been killed."""
    async with running(stage.orchestrator()) as pod:
        events = pod.chat.reply(_question("first wait"))
        assert (await anext(events)).data == {"text": "first"}
        await Leaving(pod, 0.0, lambda: None).leave()
        assert [event async for event in events] == []
        with pytest.raises(ChatbotUnavailable):
            await answer(pod, "again", "run-2")
