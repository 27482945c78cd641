"""`kill -9` of every part during trading: service returns by itself, and the history is right.

Judged by the raw event log and the independent checker alone.
"""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable

import psutil
import pytest
import pytest_asyncio

from tests.support import history
from tests.support.demo import Demo, demo
from tests.support.people import until

pytestmark = [pytest.mark.system, pytest.mark.timeout(600)]

LIMIT_SECONDS = 15.0
PATIENCE_SECONDS = 40.0
DESKS = 12

Kill = Callable[[Demo], Awaitable[None]]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def session() -> AsyncIterator[Demo]:
    """A market session of 150 real seconds, just opened."""
    began = time.time()
    async with demo("2012-10-16T13:25:00Z@150") as started:
        await until(lambda: len(_handled(started, began)) == DESKS, 60.0, what="every desk trading")
        yield started


def _service(name: str) -> Kill:
    async def kill(session: Demo) -> None:
        pid = session.cluster.supervisor.pid(name)
        assert pid is not None
        os.kill(pid, signal.SIGKILL)

    return kill


async def _pod_process(session: Demo) -> None:
    pid = session.cluster.supervisor.pid(_fullest(session))
    assert pid is not None
    os.kill(pid, signal.SIGKILL)


async def _pod_for_good(session: Demo) -> None:
    await session.cluster.supervisor.discard(_fullest(session))


async def _trading_agent(session: Demo) -> None:
    pid = session.cluster.supervisor.pid(_fullest(session))
    agents = [
        child
        for child in psutil.Process(pid).children(recursive=True)
        if "ai_pod.agents.trading" in " ".join(child.cmdline())
    ]
    assert agents
    for agent in agents:
        agent.kill()


VICTIMS: dict[str, Kill] = {
    "trading agent": _trading_agent,
    "pod's process": _pod_process,
    "market": _service("market"),
    "back end": _service("backend"),
    "scheduler": _service("scheduler"),
    "Redis": _service("redis"),
    "Postgres": _service("postgres"),
    "pod, for good": _pod_for_good,
}


@pytest.mark.parametrize("victim", VICTIMS)
async def test_service_returns_after_a_kill(
    session: Demo, victim: str, record_property: Callable[[str, object], None]
) -> None:
    killed = time.time()
    await VICTIMS[victim](session)
    await until(
        lambda: len(_handled(session, killed)) == DESKS, PATIENCE_SECONDS, what=f"after {victim}"
    )
    took = max(_handled(session, killed).values()) - killed
    record_property("recovery_s", round(took, 1))
    assert took <= LIMIT_SECONDS
    async with session.person("operator") as operator:
        assert (await operator.get("/pods"))["items"]
    await asyncio.sleep(1.0)  # the next kill meets a desk that trades


async def test_nothing_was_lost_or_doubled_and_the_books_balance(session: Demo) -> None:
    await until(lambda: bool(_fills(session)), 30.0, what="fills")
    events = session.history()
    judgement = history.judge(events)
    assert judgement.faults == []
    moved = {e["desk"] for e in history.of(events, "desk_seated") if int(e["lease_epoch"]) > 1}
    assert moved
    closed = max(history.instant(e["end"]) for e in history.of(events, "bars_closed"))
    settled = min(closed, session.now()) - session.cluster.clock.market_span(15.0)
    assert history.missing_decisions(events, until=settled) == []


def _fullest(session: Demo) -> str:
    seats: dict[str, str] = {}
    for event in history.of(session.history(), "desk_seated"):
        seats[event["desk"]] = event["pod"]
    pods = list(seats.values())
    return max(set(pods), key=pods.count)


def _handled(session: Demo, since: float) -> dict[str, float]:
    """Desk → when the first decision of a bar that closed after `since` was handled."""
    market = session.cluster.clock.at_wall(since)
    first: dict[str, float] = {}
    for event in history.of(session.history(), "decision_executed"):
        if history.instant(event["bar_end"]) > market and event["outcome"] != "fenced":
            first.setdefault(event["desk"], float(event["at"]))
    return first


def _fills(session: Demo) -> list[history.Event]:
    return list(history.of(session.history(), "order_filled"))
