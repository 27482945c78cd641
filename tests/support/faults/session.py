"""Schedules of faults, one after the other, on one demo cluster during one market session with many
short phases; each is judged when service has returned.
"""

import asyncio
import contextlib
import time
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import psycopg
import redis

from market.eventlog import EventLog
from market.words import Interval
from tests.support import history
from tests.support.demo import Demo, demo
from tests.support.faults.inject import Injector
from tests.support.faults.machine import measured, median_slowness
from tests.support.faults.schedule import Fault, draw
from tests.support.faults.witness import Witness
from tests.support.history import holding
from tests.support.history.decisions import BOOKED
from tests.support.people import until

DESKS = 12
SPEED = 105.0
OPENS = datetime(2012, 10, 16, 13, 30, tzinfo=UTC)
CLOSES = datetime(2012, 10, 16, 20, 0, tzinfo=UTC)
CLOCK = f"2012-10-16T13:10:30Z@{SPEED:g}"
"""Eleven real seconds before the open: a cluster takes about as long to start."""

TRADES = timedelta(minutes=16)
LEARNS = timedelta(minutes=9)
"""Nine and five real seconds."""

PATIENCE_SECONDS = 60.0
LATE_LINES_SECONDS = 10.0
"""How long lines of killed processes may take until they are recovered."""

LONGEST_SCHEDULE = timedelta(seconds=40.0 * SPEED)
"""So much of the market session must be left for another schedule to begin."""

STORES_AWAY = (psycopg.Error, redis.RedisError, OSError)


@dataclass(frozen=True)
class Result:
    """What came of a schedule; `recovered_s` is from the end of the last fault until every desk had
    a decision of a later bar booked; `slowness` is the machine's, 1 where work need not wait.
    """

    seed: int
    faults: tuple[str, ...]
    missed: int
    violations: tuple[str, ...]
    recovered_s: float
    neither_s: float
    decisions: int
    expired: int
    moves: int
    switches: int
    slowness: float

    def row(self) -> dict[str, Any]:
        return asdict(self)


@contextlib.asynccontextmanager
async def fault_session() -> AsyncIterator["FaultSession"]:
    """A cluster whose plan alternates trading and learning all day long."""
    began = time.time()
    async with demo(CLOCK, Interval.FIVE_MINUTES, [("SHIFTDESK_POOLS", _pools())]) as started:
        session = FaultSession(started)
        with contextlib.closing(session), measured(started.events, started.cluster.clock):
            await session.wait_until_all_trade(began)
            await session.wait_until_all_learn()
            yield session


def _pools() -> str:
    """The exchange's hours, with learning windows in between."""
    windows, at = [], OPENS + TRADES
    while at + LEARNS < CLOSES:
        windows.append({"starts": f"{at:%H:%M:%S}", "ends": f"{at + LEARNS:%H:%M:%S}"})
        at += TRADES + LEARNS
    pool = {"name": "XNYS", "calendars": ["XNYS"], "learning_windows": windows}
    return msgspec.json.encode([pool]).decode()


class FaultSessions:
    """The cluster that schedules are played on: another one when the market has closed."""

    def __init__(self) -> None:
        self._stack = contextlib.AsyncExitStack()
        self._session: FaultSession | None = None

    async def current(self) -> "FaultSession":
        if self._session is None or not self._session.has_time:
            await self.close()
            self._session = await self._stack.enter_async_context(fault_session())
        return self._session

    async def close(self) -> None:
        self._session = None
        await self._stack.aclose()


class FaultSession:
    """One cluster; `run` plays a schedule on it."""

    def __init__(self, started: Demo) -> None:
        cluster = started.cluster
        self._demo, self._clock = started, cluster.clock
        self._events = EventLog(started.events, "faults", cluster.clock)
        self._injector = Injector(cluster.supervisor, self._events)
        urls = cluster.urls
        self._witness = Witness(urls.backend_database, urls.redis, self._clock, self._events)
        self._known: set[str] = set()

    def close(self) -> None:
        self._events.close()

    def told(self) -> list[history.Event]:
        """The event log so far."""
        return self._demo.history()

    @property
    def has_time(self) -> bool:
        """Whether enough of the market session is left for another schedule."""
        return self._clock.now() + LONGEST_SCHEDULE < CLOSES

    async def run(self, seed: int) -> Result:
        return await self.play(seed, draw(seed))

    async def play(self, seed: int, faults: tuple[Fault, ...]) -> Result:
        """Let it happen, wait until service has returned, judge."""
        began = time.time()
        happened = await self._happen(faults, began)
        ended = max(began, self._injector.ended_at)
        violations: list[str] = []
        try:
            await self.wait_until_all_trade(ended)
        except TimeoutError as error:
            violations.append(f"service returns: {error}")
        violations += await self._judged(ended)
        events = self._demo.history()
        here = [event for event in events if float(event["at"]) >= began]
        handled = self._handled(events, ended)
        outcomes = Counter(e["outcome"] for e in history.of(here, "decision_executed"))
        return Result(
            seed=seed,
            faults=tuple(map(str, faults)),
            missed=happened.count(False),
            violations=tuple(violations),
            recovered_s=round(max(handled.values(), default=ended) - ended, 2),
            neither_s=round(holding.longest_gap(events, began), 2),
            decisions=sum(outcomes[outcome] for outcome in BOOKED),
            expired=outcomes["expired"],
            moves=sum(1 for _ in history.of(here, "desk_seated")),
            switches=sum(1 for _ in history.of(here, "switch_finished")),
            slowness=round(median_slowness(here), 2),
        )

    async def wait_until_all_trade(self, since: float) -> None:
        """Until a decision of each desk, of a bar that closed after the wall time, is booked."""

        def absent() -> int:
            return DESKS - len(self._handled(self._demo.history(), since))

        await until(lambda: absent() == 0, PATIENCE_SECONDS, every=0.5, what="every desk trading")

    async def wait_until_all_learn(self) -> None:
        """Until each pod has learned, or for so long that the checker finds it has not."""

        def learned() -> bool:
            told = self._demo.history()
            pods = {event["pod"] for event in history.of(told, "pod_started")}
            active = history.of(told, "agent_activated")
            return pods <= {event["pod"] for event in active if event["agent"] == "learning"}

        with contextlib.suppress(TimeoutError):
            await until(learned, PATIENCE_SECONDS, every=0.5, what="every pod learning")

    async def wait_until_trading_begins(self) -> None:
        """Until all pods that are there have switched to trading once more."""
        began = time.time()

        def switched() -> bool:
            told = self._demo.history()
            pods = {e["pod"] for e in history.of(told, "pod_started")}
            pods -= {e["pod"] for e in history.of(told, *holding.GONE)}
            new = (e for e in history.of(told, "switch_finished") if float(e["at"]) >= began)
            last = {e["pod"]: e["to_phase"] for e in new}
            return all(last.get(pod) == "trading" for pod in pods)

        await until(switched, PATIENCE_SECONDS, every=0.2, what="every pod trading again")

    async def _happen(self, faults: tuple[Fault, ...], began: float) -> list[bool]:
        """Each at its time; those that last go on beside the next."""
        async with asyncio.TaskGroup() as tasks:
            working = []
            for fault in faults:
                if fault.at_switch:
                    await asyncio.sleep(max(0.0, self._until_switch() + fault.at))
                else:
                    await asyncio.sleep(max(0.0, began + fault.at - time.time()))
                working.append(tasks.create_task(self._injector.inject(fault), name=str(fault)))
        return [task.result() for task in working]

    def _until_switch(self) -> float:
        """Real seconds until the plan's next switch."""
        passed = (self._clock.now() - OPENS) % (TRADES + LEARNS)
        left = (TRADES if passed < TRADES else TRADES + LEARNS) - passed
        return left / timedelta(seconds=1) / SPEED

    async def _judged(self, ended: float) -> list[str]:
        """Faults that are new since the last schedule; what late lines may still explain is asked
        again.
        """
        deadline = time.monotonic() + LATE_LINES_SECONDS
        while True:
            found = await self._faults(ended)
            if not found or time.monotonic() > deadline:
                self._known |= set(found)
                return found
            await asyncio.sleep(1.0)

    async def _faults(self, ended: float) -> list[str]:
        events = self._demo.history()
        try:
            await asyncio.to_thread(self._witness.look, events)
        except STORES_AWAY as error:
            return [f"the stores answer: {error!r}"]
        events = self._demo.history()
        until_ = self._clock.at_wall(ended)
        found = list(history.judge(events).faults)
        found += [f"missing: {key}" for key in history.missing_decisions(events, until=until_)]
        found += [f"unsettled: {key}" for key in history.unsettled_decisions(events, until=until_)]
        found += [f"open still: {key}" for key in history.unsettled_orders(events, until=until_)]
        return [fault for fault in found if fault not in self._known]

    def _handled(self, events: list[history.Event], since: float) -> dict[str, float]:
        """Desk → when the first decision of a bar that closed after `since` was booked."""
        market = self._clock.at_wall(since)
        first: dict[str, float] = {}
        for event in history.of(events, "decision_executed"):
            if history.instant(event["bar_end"]) > market and event["outcome"] in BOOKED:
                first.setdefault(event["desk"], float(event["at"]))
        return first
