"""Chat on demand, with a real little chatbot: woken, cancelled, dead in a run, dormant again."""

import asyncio
from contextlib import aclosing

import pytest

from ai_pod.contracts import keys
from ai_pod.contracts.agents import AgentName, AgentState
from ai_pod.contracts.chat import ReplyRequest, RunEvent, RunEventKind
from ai_pod.errors import ChatbotUnavailable
from ai_pod.orchestrator.orchestrator import Orchestrator
from tests.support.build_pod import Stage, running, until
from tests.support.little_agent import instruct


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


async def test_a_cancelled_run_ends(stage: Stage) -> None:
    async with running(stage.orchestrator()) as pod:
        seen: list[RunEvent] = []
        async with aclosing(pod.chat.reply(_question("first wait"))) as events:
            async for event in events:
                seen.append(event)
                await stage.redis.set(keys.run_cancel("run-1"), 1)
        assert seen[-1].kind is RunEventKind.ERROR
        assert seen[-1].data["code"] == "cancelled"
        assert await stage.redis.lrange("little:cancelled", 0, -1) == [b"run-1"]


async def test_a_caller_that_leaves_cancels_its_run(stage: Stage) -> None:
    async with running(stage.orchestrator()) as pod:
        events = pod.chat.reply(_question("first wait"))
        assert (await anext(events)).data == {"text": "first"}
        await events.aclose()
        await until(lambda: stage.redis.exists("little:cancelled"))


async def test_a_chatbot_that_dies_is_told_and_woken_again(stage: Stage) -> None:
    async with running(stage.orchestrator()) as pod:
        events = await answer(pod, "well die")
        assert [e.kind for e in events] == [RunEventKind.TOKEN, RunEventKind.ERROR]
        assert events[-1].data["code"] == "chatbot_ended"
        assert (await answer(pod, "again"))[-1].kind is RunEventKind.DONE


async def test_a_chatbot_that_does_not_start_is_told(stage: Stage) -> None:
    instruct(stage.url, "chatbot", "warm", "fail")
    async with running(stage.orchestrator()) as pod:
        with pytest.raises(ChatbotUnavailable):
            await answer(pod, "hello")
