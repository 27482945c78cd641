"""A policy that never comes back costs its own desks, and nobody else."""

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from ai_pod.agents.trading.guard import Guard, Marker, PolicyOverdue
from ai_pod.contracts.agents import AgentName
from ai_pod.contracts.plan import Phase
from ai_pod.contracts.signals import Fault
from ai_pod.orchestrator.processes import MODULES
from tests.support.build_pod import (
    MINUTE,
    OPEN,
    Stage,
    always,
    bars,
    holds,
    little,
    running,
    seat,
    until,
)
from tests.support.hogging_trader import HOGS, PATIENCE

NOTHING = np.zeros((1, 2))


@pytest.fixture
def guard(tmp_path: Path) -> Iterator[Guard]:
    its = Guard(tmp_path / "acting", **PATIENCE)
    yield its
    its.close()


@pytest.mark.parametrize("hog", ["spins", "stubborn", "waits"])
def test_python_code_is_interrupted(guard: Guard, hog: str) -> None:
    began = time.monotonic()
    with pytest.raises(PolicyOverdue, match="a policy"):
        guard.run("a policy", lambda: HOGS[f"rule:{hog}@1"](NOTHING, NOTHING))
    assert time.monotonic() - began < 20
    assert guard.run("another", lambda: 3) == 3


def test_whoever_comes_back_is_not_interrupted_later(guard: Guard) -> None:
    for _ in range(1000):
        guard.run("quick", lambda: None)
    until_ = time.process_time() + 2 * PATIENCE["cpu_seconds"]
    while time.process_time() < until_:
        pass


def test_a_policy_is_not_to_blame_for_a_process_that_stood_still(tmp_path: Path) -> None:
    pid = os.fork()
    if pid == 0:
        os._exit(_stand_still(Guard(tmp_path / "acting", **PATIENCE)))
    os.waitpid(pid, os.WUNTRACED)
    threading.Event().wait(2 * PATIENCE["real_seconds"])
    os.kill(pid, signal.SIGCONT)
    _, status = os.waitpid(pid, 0)
    assert os.waitstatus_to_exitcode(status) == 0


def _stand_still(guard: Guard) -> int:
    """Acts for a moment after the process was stopped and went on; 1 when that was too long."""

    def act() -> None:
        os.kill(os.getpid(), signal.SIGSTOP)
        threading.Event().wait(0.05)

    try:
        guard.run("a policy", act)
    except PolicyOverdue:
        return 1
    return 0


def test_what_work_raises_comes_through_and_leaves_no_mark(guard: Guard, tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError):
        guard.run("raises", lambda: 1 // 0)
    assert Marker(tmp_path / "acting").read() == ""


def test_the_marker_outlives_a_process(tmp_path: Path) -> None:
    path = tmp_path / "state" / "acting"
    pid = os.fork()
    if pid == 0:
        Marker(path).write("rule:odd@1")
        os._exit(0)
    os.waitpid(pid, 0)
    assert Marker(path).read() == "rule:odd@1"


async def test_the_other_desks_of_a_pod_go_on(stage: Stage) -> None:
    await stage.announce(always(Phase.TRADING))
    hogs = ("spins", "waits", "compiled")
    desks = [
        seat(hog, seat=n, policy_version=f"rule:{hog}@1", resume_after=OPEN)
        for n, hog in enumerate(hogs)
    ]
    await stage.sit(*desks, seat("fine", seat=3, resume_after=OPEN))
    closes = (100.0, 100.0)
    for minute in range(-39, 3):
        await stage.close(bars(OPEN + minute * MINUTE, closes))
    argvs = dict(MODULES) | {
        AgentName.TRADING: (sys.executable, "-m", "tests.support.hogging_trader"),
        AgentName.LEARNING: little(AgentName.LEARNING),
        AgentName.CHATBOT: little(AgentName.CHATBOT),
    }
    async with running(stage.orchestrator(argvs=argvs)) as pod:
        await holds(pod, Phase.TRADING)

        async def all_decided() -> bool:
            return len(await stage.decided()) >= 8

        await until(all_decided)
        decisions = await stage.decisions()
    faults = {(d.desk, d.bar_end, d.fault) for d in decisions}
    ends = [OPEN + MINUTE, OPEN + 2 * MINUTE]
    assert faults == {(hog, end, Fault.OVERDUE) for hog in hogs for end in ends} | {
        ("fine", end, None) for end in ends
    }
    assert len(decisions) == len(faults)
