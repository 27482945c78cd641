"""What the injector does to processes, and what it tells the checker of it."""

from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest_asyncio

from market.clock import Clock
from market.eventlog import EventLog
from shiftdesk.local.supervisor import Service, Supervisor
from tests.support import history
from tests.support.faults.inject import Injector
from tests.support.faults.schedule import Fault, Kind, Victim
from tests.support.people import until

POD = """
for name in trading learning chatbot; do sh -c "sleep 20; : ai_pod.agents.$name" & done
wait
"""
EXCUSED = {
    Fault(Kind.FREEZE, Victim.POD, 0.0, 0.05): ["pod-1"],
    Fault(Kind.FREEZE, Victim.ORCHESTRATOR, 0.0, 0.05): ["pod-1"],
    Fault(Kind.FREEZE, Victim.TRADING, 0.0, 0.05): [],
    Fault(Kind.FREEZE, Victim.REDIS, 0.0, 0.05): [],
    Fault(Kind.KILL, Victim.REDIS, 0.0): [],
    Fault(Kind.KILL, Victim.CHATBOT, 0.0): [],
    Fault(Kind.KILL, Victim.LEARNING, 0.0): ["pod-1"],
    Fault(Kind.LOSE, Victim.POD, 0.0): ["pod-1"],
}
"""What is done → which pods need not be held meanwhile."""


@pytest_asyncio.fixture
async def supervisor(tmp_path: Path) -> AsyncIterator[Supervisor]:
    async def ready() -> bool:
        return True

    started = Supervisor(tmp_path / "logs")
    for name, command in {"pod-1": POD, "redis": "sleep 60"}.items():
        await started.start(Service(name, ("sh", "-c", command), {}, ready))
    yield started
    await started.stop_all()


async def test_only_a_pod_that_can_do_nothing_is_excused(
    supervisor: Supervisor, tmp_path: Path
) -> None:
    events = EventLog(tmp_path / "events", "faults", Clock())
    injector = Injector(supervisor, events)
    for fault in EXCUSED:
        await until(partial(injector.inject, fault), 10.0, what=str(fault))
    told = history.read(tmp_path / "events")
    assert [e["pods"] for e in history.of(told, "fault_injected")] == list(EXCUSED.values())
    assert [e["event"] for e in history.of(told, "pod_killed", "pod_lost")] == ["pod_lost"]
    events.close()
