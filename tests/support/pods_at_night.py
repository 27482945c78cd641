"""Pods that share a Redis, a history and an artifact store at night, and learning agents on them:
in the test's own process, or in one that can be stopped and killed.
"""

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import msgspec
import psutil
from redis.asyncio import Redis

from ai_pod.agents.agent import Link
from ai_pod.agents.learning.coordinator import LearningAgent
from ai_pod.agents.learning.ownership import Lives
from ai_pod.agents.messages import (
    Activate,
    Active,
    AgentContext,
    Idle,
    Progressed,
    Ready,
    Report,
    Warm,
)
from ai_pod.contracts import keys
from ai_pod.contracts.agents import AgentName
from ai_pod.contracts.learning import LearningEvent, PolicyLine
from ai_pod.orchestrator.processes import AgentProcess, Executed
from tests.support.little_learning import LITTLE
from tests.support.slow_learner import SlowLearner

PATIENCE = 120.0
Kind = TypeVar("Kind")
COMMAND = (sys.executable, "-m", "tests.support.little_learning")


class Listening(Link):
    """The agent's way to an orchestrator that only listens."""

    def __init__(self, reports: list[Report], tasks: asyncio.TaskGroup) -> None:
        self._reports, self._tasks = reports, tasks

    async def send(self, report: Report) -> None:
        self._reports.append(report)


@dataclass
class Night:
    """What the pods share, and what their agents reported."""

    redis: Redis
    url: str
    root: Path
    lives: Lives = field(default_factory=Lives)
    reports: list[Report] = field(default_factory=list)

    @property
    def artifacts(self) -> Path:
        return self.root / "artifacts"

    @property
    def learner(self) -> SlowLearner:
        return SlowLearner(self.root)

    @property
    def hold(self) -> Path:
        return self.root / "hold"

    @property
    def said(self) -> str:
        return " ".join(report.detail for report in self.reports if isinstance(report, Progressed))

    @property
    def idles(self) -> int:
        """How many agents have said that nothing is left to learn."""
        return sum(isinstance(report, Idle) for report in self.reports)

    async def lines(self, *lines: PolicyLine) -> None:
        for line in lines:
            await self.redis.hset(keys.learning_lines(), line.id, msgspec.json.encode(line))

    async def of(self, kind: type[Kind]) -> list[Kind]:
        """The announced events of a kind, in order."""
        entries = await self.redis.xrange(keys.learning())
        data = [fields[keys.FIELD.encode()] for _, fields in entries]
        events = [msgspec.json.decode(one, type=LearningEvent) for one in data]
        return [event for event in events if isinstance(event, kind)]

    async def reached(self, count: int) -> set[object]:
        """Wait until so many runs are held; the processes that they are in."""
        await until(lambda: len(self.learner.diary("reached")) >= count)
        return {entry["pid"] for entry in self.learner.diary("reached")}

    def context(self, pod: str) -> AgentContext:
        return AgentContext(
            pod=pod,
            pool="XNYS",
            redis_url=self.url,
            vectors_url=self.url,
            artifacts=str(self.artifacts),
            history=str(self.root / "history"),
            state=str(self.root / "state"),
            clock="2012-03-01T00:00:00Z=2026-01-01T00:00:00Z@1",
        )

    @contextlib.asynccontextmanager
    async def process(self, pod: str = "pod-a", epoch: int = 1) -> AsyncIterator[AgentProcess]:
        """A warm and active learning agent in a process of its own."""
        command = (*COMMAND, str(self.root), msgspec.json.encode(self.lives).decode())
        process = await AgentProcess.start(
            AgentName.LEARNING, Executed(command), self.reports.append
        )
        # Tests wait for it, so it need not give way.
        with contextlib.suppress(psutil.AccessDenied):
            psutil.Process(process.pid).nice(0)
        try:
            await process.ask(Warm(context=self.context(pod)), Ready, PATIENCE)
            await process.ask(Activate(phase_epoch=epoch), Active, PATIENCE)
            yield process
        finally:
            await process.kill()

    @contextlib.asynccontextmanager
    async def agent(self, pod: str = "pod-a", epoch: int = 1) -> AsyncIterator[LearningAgent]:
        """A warm and active learning agent in this process: no imports, nothing to kill."""
        agent = LearningAgent(lambda: self.learner, LITTLE, self.lives)
        async with asyncio.TaskGroup() as tasks:
            await agent.warm(self.context(pod), Listening(self.reports, tasks))
            await agent.activate(epoch)
            try:
                yield agent
            finally:
                await agent.end()


async def until(condition: Callable[[], object]) -> None:
    """Wait, with a bound, until the condition (plain or awaitable) holds."""
    async with asyncio.timeout(PATIENCE):
        while True:
            found = condition()
            if await found if asyncio.iscoroutine(found) else found:
                return
            await asyncio.sleep(0.02)
