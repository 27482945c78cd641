"""One agent over its processes: at most one at a time, whatever is asked of it in between."""

import asyncio
import sys
from pathlib import Path

import psutil
import pytest

from ai_pod.agents.messages import AgentContext
from ai_pod.contracts.agents import AgentName, AgentState
from ai_pod.errors import AgentEnded
from ai_pod.orchestrator.processes import Argv, Executed
from ai_pod.orchestrator.supervision import Bonds, SupervisedAgent
from market.clock import Clock
from market.eventlog import EventLog
from tests.support.build_pod import until
from tests.support.doomed_pod import BARE


def agent(folder: Path, *argv: str) -> SupervisedAgent:
    command: Argv = argv or (sys.executable, "-I", "-S", BARE, "trading")
    context = AgentContext(
        pod="p",
        pool="XNYS",
        redis_url="",
        vectors_url="",
        artifacts="",
        history="",
        events=str(folder),
    )
    events = EventLog(folder, "test", Clock())
    bonds = Bonds(events, list, lambda _: None, asyncio.Event(), lambda _name, _pid: None)
    return SupervisedAgent(AgentName.TRADING, Executed(command), context, bonds)


def children() -> list[psutil.Process]:
    living = psutil.Process().children()
    return [one for one in living if BARE in one.cmdline()]


async def test_one_that_is_stopped_while_it_starts_leaves_no_process(tmp_path: Path) -> None:
    """At whatever moment of its start: before there is a process, while it warms, ready."""
    one = agent(tmp_path)
    for turns in (0, 1, 2, 3, 5, 8, 50):
        one.warm_up()
        for _ in range(turns):
            await asyncio.sleep(0)
        await one.stop()
        assert one.state is AgentState.DORMANT
        assert not one.running
        await until(lambda: children() == [])


async def test_one_that_was_told_to_end_starts_again_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only one that died is given a pause before it is tried again."""
    pauses, sleep = [], asyncio.sleep

    async def noted(seconds: float) -> None:
        pauses.append(seconds)
        await sleep(0)

    monkeypatch.setattr(asyncio, "sleep", noted)
    one = agent(tmp_path)
    for _ in range(3):
        await one.start()
        await one.stop()
    assert pauses == [0.0] * 3


async def test_who_waits_for_a_start_is_told_that_it_was_called_off(tmp_path: Path) -> None:
    one = agent(tmp_path)
    waiting = asyncio.create_task(one.start())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    await one.stop()
    with pytest.raises(AgentEnded, match="called off"):
        await waiting


async def test_a_machine_that_gives_no_process_may_give_one_later(tmp_path: Path) -> None:
    program = tmp_path / "program"
    one = agent(tmp_path, str(program), BARE, "trading")
    with pytest.raises(AgentEnded, match="gets no process"):
        await one.start()
    assert one.state is AgentState.FAULTED
    program.symlink_to(sys.executable)
    await one.start()
    assert one.ready
    await one.stop()


async def test_learning_gives_way_once_it_is_ready(tmp_path: Path) -> None:
    """Not before: a switch may be waiting for its start."""
    mute = agent(tmp_path, sys.executable, "-c", "import threading; threading.Event().wait()", BARE)
    ready = agent(tmp_path, sys.executable, "-I", "-S", BARE, "learning")
    mute.name = ready.name = AgentName.LEARNING
    mute.warm_up()
    await until(children)
    assert [one.nice() for one in children()] == [psutil.Process().nice()]
    await mute.stop()
    await ready.start()
    assert [one.nice() for one in children()] == [10]
    await ready.stop()
