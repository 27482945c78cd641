"""`kill -9` of every part during trading: service returns by itself, and the history is right.

Judged by the raw event log and the independent checker alone.
"""

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import UTC, datetime
from functools import partial

import psutil
import pytest
import pytest_asyncio

from market.eventlog import EventLog
from market.words import Interval
from tests.support import history
from tests.support.command_line import command, family
from tests.support.demo import Demo, demo
from tests.support.faults.machine import measured, stretched
from tests.support.history.decisions import BOOKED
from tests.support.openai_server import Behaviour, OpenAiServer, Reply, openai_server
from tests.support.people import Frame, Person, until

pytestmark = [pytest.mark.system, pytest.mark.timeout(600)]

LIMIT_SECONDS = 15.0
"""On a machine of its own; where work has to wait, so much longer."""

PATIENCE_SECONDS = 40.0
LONGEST_SECONDS = PATIENCE_SECONDS + 5.0
"""What a kill may take until service has returned."""

CLOSES = datetime(2012, 10, 16, 20, 0, tzinfo=UTC)
DESKS = 12
ANSWER = (
    "One of your limits is {f1}. Nobody has changed your limits since then. "
    "They are looked at before every order. They hold when the market is closed as well."
)

Kill = Callable[[Demo], Awaitable[None]]


@pytest.fixture(scope="module")
def model() -> Iterator[OpenAiServer]:
    """Says the same whenever it is asked; the second time it stops in the middle."""
    replies = [Reply(ANSWER), Reply(ANSWER, Behaviour.STALLED), Reply(ANSWER)]
    with openai_server(*replies) as server:
        yield server


class Sessions:
    """The cluster that is killed: another one when its market is about to close, which on a slow
    machine it is before all has been killed.
    """

    def __init__(self, model: OpenAiServer) -> None:
        self._model = model
        self._stack = contextlib.AsyncExitStack()
        self.latest: Demo | None = None

    async def current(self) -> Demo:
        if self.latest is None or not self._has_time(self.latest):
            if self.latest is not None:
                _check_history(self.latest)
            await self.close()
            self.latest = await self._stack.enter_async_context(_trading(self._model))
        return self.latest

    async def close(self) -> None:
        self.latest = None
        await self._stack.aclose()

    @staticmethod
    def _has_time(session: Demo) -> bool:
        return session.now() + session.cluster.clock.market_span(LONGEST_SECONDS) < CLOSES


@contextlib.asynccontextmanager
async def _trading(model: OpenAiServer) -> AsyncIterator[Demo]:
    """A market session of 150 real seconds, just opened."""
    began = time.time()
    environment = (("SHIFTDESK_LLM", f"{model.url}#scripted"),)
    async with demo("2012-10-16T13:25:00Z@150", Interval.FIVE_MINUTES, environment) as started:
        with measured(started.events, started.cluster.clock):
            await until(
                lambda: len(_handled(started, began)) == DESKS, 60.0, every=0.3, what="desks trade"
            )
            yield started


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def sessions(model: OpenAiServer) -> AsyncIterator[Sessions]:
    opened = Sessions(model)
    yield opened
    await opened.close()


@pytest_asyncio.fixture(loop_scope="session")
async def session(sessions: Sessions) -> Demo:
    return await sessions.current()


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
    pod = _fullest(session)
    await session.cluster.supervisor.discard(pod)
    with contextlib.closing(EventLog(session.events, "kills", session.cluster.clock)) as events:
        events.write("pod_lost", pod=pod)


async def _trading_agent(session: Demo) -> None:
    pid = session.cluster.supervisor.pid(_fullest(session))
    assert pid is not None
    agents = [child for child in family(pid) if "ai_pod.agents.trading" in command(child)]
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


async def test_an_answer_outlives_its_pod(session: Demo) -> None:
    """The whole pod ends in the middle of an answer: another answers, visibly anew, and says to
    the letter what an answer that nothing interrupts does.
    """
    question = "What are my risk limits?"
    async with session.person("trader1") as trader, session.person("operator") as operator:
        whole, _ = await trader.ask("Which risk limits do I have?")
        own = (await trader.get("/desk"))["id"]
        pod = await until(partial(_pod_of, operator, own), what="its pod")
        pid = session.cluster.supervisor.pid(pod)
        assert pid is not None
        processes = [psutil.Process(pid), *family(pid)]
        events: list[Frame] = []
        asking = asyncio.create_task(trader.ask(question, events=events))
        await until(lambda: _told(events), every=0.02, what="half of its answer")
        killed = time.time()
        for process in processes:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        half = _told(events)
        answer, _ = await asking
    (restarted,) = [e["data"] for e in events if e["data"].get("name") == "restarted"]
    assert restarted["pod"] != pod
    assert answer == whole
    assert whole.startswith(half)
    assert whole != half
    assert ANSWER.partition(". ")[2] in whole
    await _returned(session, killed, "the pod of an answer")


async def _pod_of(operator: Person, desk: str) -> str | None:
    pods = (await operator.get("/pods"))["items"]
    return next((p["pod"] for p in pods if desk in [each["desk"] for each in p["desks"]]), None)


def _told(events: list[Frame]) -> str:
    """What the asker has read so far."""
    return "".join(e["data"]["text"] for e in events if e["kind"] == "token")


@pytest.mark.parametrize("victim", VICTIMS)
async def test_service_returns_after_a_kill(
    session: Demo, victim: str, record_property: Callable[[str, object], None]
) -> None:
    killed = time.time()
    await VICTIMS[victim](session)
    await _returned(session, killed, victim)
    took = max(_handled(session, killed).values()) - killed
    record_property("recovery_s", round(took, 1))
    assert took <= stretched(LIMIT_SECONDS, session.history(), killed)
    async with session.person("operator") as operator:
        assert (await operator.get("/pods"))["items"]
    await asyncio.sleep(1.0)  # the next kill meets a desk that trades


async def test_nothing_was_lost_or_doubled_and_the_books_balance(sessions: Sessions) -> None:
    session = sessions.latest
    assert session is not None
    await until(lambda: bool(_fills(session)), 30.0, what="fills")
    _check_history(session)
    moves = history.of(session.history(), "desk_seated")
    assert [event for event in moves if int(event["lease_epoch"]) > 1]


def _check_history(session: Demo) -> None:
    events = session.history()
    judgement = history.judge(events)
    assert judgement.faults == []
    closed = max(history.instant(e["end"]) for e in history.of(events, "bars_closed"))
    settled = min(closed, session.now()) - session.cluster.clock.market_span(15.0)
    assert history.missing_decisions(events, until=settled) == []
    assert history.unsettled_decisions(events, until=settled) == []
    assert history.unsettled_orders(events, until=settled) == []


def _fullest(session: Demo) -> str:
    seats: dict[str, str] = {}
    for event in history.of(session.history(), "desk_seated"):
        seats[event["desk"]] = event["pod"]
    pods = list(seats.values())
    return max(set(pods), key=pods.count)


def _handled(session: Demo, since: float) -> dict[str, float]:
    """Desk → when the first decision of a bar that closed after `since` was booked."""
    market = session.cluster.clock.at_wall(since)
    first: dict[str, float] = {}
    for event in history.of(session.history(), "decision_executed"):
        if history.instant(event["bar_end"]) > market and event["outcome"] in BOOKED:
            first.setdefault(event["desk"], float(event["at"]))
    return first


def _fills(session: Demo) -> list[history.Event]:
    return list(history.of(session.history(), "order_filled"))


async def _returned(session: Demo, killed: float, victim: str) -> None:
    await until(
        lambda: len(_handled(session, killed)) == DESKS,
        PATIENCE_SECONDS,
        every=0.3,
        what=f"after {victim}",
    )
