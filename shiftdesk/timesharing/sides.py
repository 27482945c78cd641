"""The two sides: a real pod that shares its time, and the same three agents always on."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol, TypeVar

import httpx
import msgspec
import psutil

from ai_pod.agents.messages import (
    Activate,
    Active,
    AgentContext,
    PlanChanged,
    Quiesce,
    Quiesced,
    Ready,
    Report,
    Request,
    RunEventSent,
    SeatsChanged,
    Warm,
)
from ai_pod.contracts import keys
from ai_pod.contracts.agents import AgentName
from ai_pod.contracts.chat import ReplyRequest, RunEventKind
from ai_pod.contracts.client import PodClient
from ai_pod.contracts.plan import Phase, Plan
from ai_pod.contracts.seats import PodSeats
from ai_pod.orchestrator.phases import PhaseRecords
from ai_pod.orchestrator.processes import MODULES, AgentProcess, Executed
from ai_pod.settings import PodSettings
from shiftdesk.local.pod_rig import ORGANISATION, POD, Rig
from shiftdesk.timesharing.account import Role
from shiftdesk.timesharing.day import CLOSE, OPEN, Question

READY_SECONDS = 120.0
ANSWER_SECONDS = 60.0
QUIESCE_SECONDS = 20.0

Kind = TypeVar("Kind", Plan, PodSeats)


class Side(Protocol):
    """Lives the day."""

    async def start(self) -> None:
        """Be there before the day begins."""

    async def live(self) -> None:
        """Do what the day's instants ask for, where nobody else does."""

    async def ask(self, question: Question) -> bool:
        """Whether the question was answered."""

    def processes(self) -> Iterator[tuple[int, Role]]:
        """Those that are there now."""

    async def end(self) -> None: ...


class Shared:
    """`python -m ai_pod` as it is deployed: it follows the plan by itself."""

    def __init__(self, rig: Rig, idle_seconds: float) -> None:
        self._rig = rig
        rig.environment["SHIFTDESK_PROTOCOL"] = "small"
        rig.environment["SHIFTDESK_CHAT_IDLE_SECONDS"] = f"{idle_seconds:g}"

    async def start(self) -> None:
        await self._rig.start_pod()
        beat = await self._rig.heartbeat()
        assert beat is not None
        self._http = httpx.AsyncClient(timeout=ANSWER_SECONDS)
        secret = self._rig.environment["SHIFTDESK_SECRET"]
        self._client = PodClient(self._http, beat.address, secret, "bench")
        async with asyncio.timeout(READY_SECONDS):
            while Role.TEMPLATE not in {role for _, role in self.processes()}:  # noqa: ASYNC110
                await asyncio.sleep(0.1)

    async def live(self) -> None:
        """The pod does it."""

    async def ask(self, question: Question) -> bool:
        kinds = [event.kind async for event in self._client.reply(request_of(question))]
        return RunEventKind.DONE in kinds

    def processes(self) -> Iterator[tuple[int, Role]]:
        pid = self._rig.supervisor.pid(POD)
        if pid is None:
            return
        yield pid, Role.FRONT
        for child in _children(pid):
            yield from _told(child, pid)

    async def end(self) -> None:
        await self._http.aclose()


class AlwaysOn:
    """The agents' own processes, all three started before the day and never ended in it. They are
    activated and quiesced by the plan, so that the work is the same.
    """

    def __init__(self, rig: Rig) -> None:
        self._rig = rig
        self._answers: dict[str, asyncio.Future[bool]] = {}
        self._agents: dict[AgentName, AgentProcess] = {}
        settings = {
            name.removeprefix("SHIFTDESK_").lower(): value
            for name, value in rig.environment.items()
            if name.startswith("SHIFTDESK_")
        }
        told = PodSettings.model_validate(settings | {"pod": POD, "protocol": "small"})
        self._context: AgentContext = told.context()
        folder = Path(self._context.state)
        self._records = PhaseRecords(folder, self._context.pool, POD, rig.redis)

    async def start(self) -> None:
        await self._records.recover()
        plan = await self._stored(keys.plan(self._context.pool), Plan)
        seats = await self._stored(keys.seats(POD), PodSeats)
        for name in AgentName:
            source = Executed(MODULES[name])
            self._agents[name] = await AgentProcess.start(name, source, self._heard)
        for agent in self._agents.values():
            await agent.ask(Warm(context=self._context), Ready, READY_SECONDS)
            await agent.tell(PlanChanged(plan=plan))
            await agent.tell(SeatsChanged(seats=seats))
        chatbot = self._agents[AgentName.CHATBOT]
        await chatbot.ask(Activate(phase_epoch=0), Active, READY_SECONDS)

    async def live(self) -> None:
        clock, agents = self._rig.clock, self._agents
        await asyncio.sleep(max(0.0, clock.real_seconds_until(CLOSE)))
        await self._switch(Phase.LEARNING, agents[AgentName.LEARNING])
        await asyncio.sleep(max(0.0, clock.real_seconds_until(OPEN)))
        quiesce = Quiesce(deadline_seconds=QUIESCE_SECONDS)
        await agents[AgentName.LEARNING].ask(quiesce, Quiesced, QUIESCE_SECONDS)
        await self._switch(Phase.TRADING, agents[AgentName.TRADING])

    async def ask(self, question: Question) -> bool:
        request = request_of(question)
        answer: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._answers[request.run] = answer
        await self._agents[AgentName.CHATBOT].tell(Request(reply=request))
        async with asyncio.timeout(ANSWER_SECONDS):
            return await answer

    def processes(self) -> Iterator[tuple[int, Role]]:
        for name, agent in self._agents.items():
            if not agent.ended.is_set():
                yield agent.pid, Role(name)

    async def end(self) -> None:
        trading = self._agents[AgentName.TRADING]
        await trading.ask(Quiesce(deadline_seconds=5.0), Quiesced, QUIESCE_SECONDS)
        await asyncio.gather(*(agent.end() for agent in self._agents.values()))

    async def _switch(self, phase: Phase, agent: AgentProcess) -> None:
        record = self._records.commit(phase, None)
        await self._records.mirror()
        await agent.ask(Activate(phase_epoch=record.phase_epoch), Active, READY_SECONDS)

    async def _stored(self, key: str, kind: type[Kind]) -> Kind:
        return msgspec.json.decode(await self._rig.redis.get(key) or b"", type=kind)

    def _heard(self, report: Report) -> None:
        if not isinstance(report, RunEventSent):
            return
        answer, kind = self._answers.get(report.run), report.event.kind
        ended = kind in (RunEventKind.DONE, RunEventKind.ERROR)
        if ended and answer is not None and not answer.done():
            answer.set_result(kind is RunEventKind.DONE)


def request_of(question: Question) -> ReplyRequest:
    """A question as the back end hands it on."""
    return ReplyRequest(
        run=f"run-{question.number}",
        thread=f"thread-{question.number}",
        desk=question.desk,
        organisation=ORGANISATION,
        user="bench",
        pool="XNYS",
        text=question.text,
    )


def _children(pid: int) -> list[psutil.Process]:
    try:
        return psutil.Process(pid).children(recursive=True)
    except psutil.Error:
        return []


def _told(process: psutil.Process, pod: int) -> Iterator[tuple[int, Role]]:
    """The process and its role, by its command. A template's forks bear the template's command;
    the template is the pod's own child.
    """
    try:
        command, parent = process.cmdline(), process.ppid()
    except psutil.Error:
        return
    for name in AgentName:
        if MODULES[name][-1] in command:
            template = "template" in command and parent == pod
            yield process.pid, Role.TEMPLATE if template else Role(name)
