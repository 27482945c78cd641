"""A chatbot that is forked from a template: woken in milliseconds, and nobody left behind."""

import os
import signal
import sys
from collections.abc import Callable

import psutil
import pytest
import structlog

from ai_pod.contracts.agents import AgentName, AgentState
from ai_pod.contracts.chat import RunEventKind
from ai_pod.contracts.plan import Phase
from ai_pod.orchestrator import patience, supervision, templates
from ai_pod.orchestrator.orchestrator import Orchestrator
from ai_pod.orchestrator.supervision import SupervisedAgent
from tests.ai_pod.orchestrator.test_conversations import answer
from tests.support.build_pod import Stage, always, running, seat, until
from tests.support.little_agent import instruct

LITTLE_TEMPLATE = (sys.executable, "-m", "tests.support.little_template")


@pytest.fixture(autouse=True)
def _no_start_is_late(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a busy machine draws out is not begun anew, nor by another way."""
    monkeypatch.setattr(supervision, "START_SECONDS", 60.0)
    monkeypatch.setattr(templates, "FORK_SECONDS", 60.0)


def pod_of(stage: Stage) -> Orchestrator:
    return stage.orchestrator(chat_idle_seconds=0.3, chat_template=LITTLE_TEMPLATE)


def chatbot_of(pod: Orchestrator) -> SupervisedAgent:
    return pod.agents[AgentName.CHATBOT]


def dormant(pod: Orchestrator) -> Callable[[], bool]:
    return lambda: chatbot_of(pod).state is AgentState.DORMANT


def alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


async def test_every_life_is_a_fork_of_one_template(stage: Stage) -> None:
    async with running(pod_of(stage)) as pod:
        await stage.sit(seat())
        await until(lambda: chatbot_of(pod).pids)
        (template,) = chatbot_of(pod).pids
        assert chatbot_of(pod).state is AgentState.DORMANT
        forks = set()
        for _ in range(3):
            assert (await answer(pod, "one two"))[-1].data["text"] == "one two"
            fork, kept = chatbot_of(pod).pids
            forks.add(fork)
            assert (kept, psutil.Process(fork).ppid()) == (template, template)
            await until(dormant(pod))
            assert chatbot_of(pod).pids == (template,)
            assert not alive(fork)
        assert len(forks) == 3
        assert await stage.redis.get("little:template:prepared") == b"1"
    assert not alive(template)


async def test_a_fork_that_is_killed_is_told_as_a_child_would_be(stage: Stage) -> None:
    async with running(pod_of(stage)) as pod:
        events = await answer(pod, "well die")
        assert events[-1].data["code"] == "chatbot_ended"
        assert chatbot_of(pod).view().detail == "its process ended with status -9"
        assert (await answer(pod, "again"))[-1].kind is RunEventKind.DONE


async def test_forks_do_not_outlive_their_template(stage: Stage) -> None:
    async with running(pod_of(stage)) as pod:
        assert (await answer(pod, "hello"))[-1].kind is RunEventKind.DONE
        fork, template = chatbot_of(pod).pids
        os.kill(template, signal.SIGKILL)
        await until(lambda: not chatbot_of(pod).running)
        await until(lambda: not alive(fork))
        assert (await answer(pod, "again"))[-1].kind is RunEventKind.DONE
        assert set(chatbot_of(pod).pids).isdisjoint({fork, template})


@pytest.mark.parametrize("fault", ["fail", "threads", "hang"])
async def test_without_a_template_it_is_started_as_before(
    stage: Stage, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if fault == "hang":
        monkeypatch.setattr(patience, "LOOK_SECONDS", 0.5)
    instruct(stage.url, "template", "prepare", fault)
    async with running(pod_of(stage)) as pod:
        assert (await answer(pod, "hello"))[-1].kind is RunEventKind.DONE
        (process,) = chatbot_of(pod).pids
        assert psutil.Process(process).ppid() == os.getpid()
        await until(dormant(pod))
        assert (await answer(pod, "again"))[-1].kind is RunEventKind.DONE
        assert await stage.redis.get("little:template:prepared") == b"1", "not tried every time"


async def test_a_template_that_failed_is_tried_again_later(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(templates, "PASS_OVER_SECONDS", 0.0)
    instruct(stage.url, "template", "prepare", "fail")
    async with running(pod_of(stage)) as pod:
        await answer(pod, "hello")
        await until(dormant(pod))
        instruct(stage.url, "template", "prepare", "")
        await answer(pod, "again")
        fork, template = chatbot_of(pod).pids
        assert psutil.Process(fork).ppid() == template


async def test_what_outlives_a_question_does_not_log_in_its_name(stage: Stage) -> None:
    merged = structlog.contextvars.merge_contextvars
    with structlog.testing.capture_logs(processors=[merged]) as logs:
        async with running(stage.orchestrator(chat_template=LITTLE_TEMPLATE)) as pod:
            with structlog.contextvars.bound_contextvars(request_id="first"):
                await answer(pod, "hello")
            fork, _ = chatbot_of(pod).pids
            await stage.sit(seat())
            await until(lambda: pod.seats.desks)
            os.kill(fork, signal.SIGKILL)
            await until(lambda: chatbot_of(pod).state is AgentState.FAULTED)
    lines = {line["event"]: line for line in logs}
    assert "request_id" not in lines["template_ready"] | lines["agent_died"]


async def test_a_pod_without_desks_keeps_no_template(stage: Stage) -> None:
    async with running(pod_of(stage)) as pod:
        await stage.sit(seat())
        await until(lambda: chatbot_of(pod).pids)
        (template,) = chatbot_of(pod).pids
        await stage.sit(revision=2)
        await until(lambda: not chatbot_of(pod).pids)
        await until(lambda: not alive(template))


async def test_a_chatbot_that_died_keeps_no_template(stage: Stage) -> None:
    async with running(pod_of(stage)) as pod:
        await stage.sit(seat())
        await until(lambda: pod.seats.desks)
        await answer(pod, "well die")
        (template,) = chatbot_of(pod).pids
        await stage.sit(revision=2)
        await until(lambda: not chatbot_of(pod).pids)
        await until(lambda: not alive(template))


async def test_learning_gives_way_to_a_turn(stage: Stage) -> None:
    async with running(pod_of(stage)) as pod:
        await stage.announce(always(Phase.LEARNING))
        await until(lambda: pod.agents[AgentName.LEARNING].state is AgentState.ACTIVE)
        await answer(pod, "hello")

        async def told() -> bool:
            return await stage.redis.lrange("little:gave_way", 0, -1) == [b"2.0", b"0.0"]

        await until(told)
