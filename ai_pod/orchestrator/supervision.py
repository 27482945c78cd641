"""One agent of the pod over all its processes: its state by the table, its restarts, its views."""

import asyncio
import contextlib
import contextvars
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import psutil
import structlog

from ai_pod.agents.messages import (
    Activate,
    Active,
    AgentContext,
    Command,
    Idle,
    Progressed,
    Quiesce,
    Quiesced,
    Report,
)
from ai_pod.contracts.agents import AgentName, AgentState, AgentView
from ai_pod.errors import AgentEnded, AgentError, AgentLate
from ai_pod.orchestrator.processes import AgentProcess, Source
from ai_pod.orchestrator.states import Trigger, after
from market.eventlog import EventLog
from market.tasks import told_to_end

START_SECONDS = 5.0
STEADY_SECONDS = 30.0
LONGEST_PAUSE_SECONDS = 5.0

logger = structlog.get_logger()


@dataclass(frozen=True)
class Bonds:
    """What ties an agent to its pod. `notices` gives what a new process has to know; `ending` is
    told before a process is ended.
    """

    events: EventLog
    notices: Callable[[], list[Command]]
    on_report: Callable[[Report], None]
    changed: asyncio.Event
    ending: Callable[[AgentName, int], None]


class SupervisedAgent:
    """At most one process at a time. When it dies unasked the agent is faulted, and `changed` is
    set: the orchestrator starts it again if it is still wanted.
    """

    def __init__(
        self, name: AgentName, source: Source, context: AgentContext, bonds: Bonds
    ) -> None:
        self.name = name
        self.state = AgentState.DORMANT
        self.idle = False
        self.figures: dict[str, float] = {}
        self.pss_bytes = 0
        self.changed = bonds.changed
        self.source = source
        self._context = context
        self._events = bonds.events
        self._notices = bonds.notices
        self._on_report = bonds.on_report
        self._ending = bonds.ending
        self._process: AgentProcess | None = None
        self._ready = False
        self._since = datetime.now(UTC)
        self._detail = ""
        self._started = 0.0
        self._pause = 0.0
        self._starting: asyncio.Task[None] | None = None
        self._retiring: asyncio.Task[None] | None = None
        self._watching: asyncio.Task[None] | None = None

    @property
    def ready(self) -> bool:
        """Warm, and not yet stopping."""
        return self._ready and self.state in (AgentState.STARTING, AgentState.ACTIVE)

    @property
    def _stands_by(self) -> bool:
        return self._ready and self.state is AgentState.STARTING

    @property
    def listening(self) -> bool:
        """Warm, and there: it has been told what holds, and has to hear what changes."""
        return self._ready and self.running

    @property
    def running(self) -> bool:
        return self._process is not None and not self._process.ended.is_set()

    @property
    def pids(self) -> tuple[int, ...]:
        """The agent's processes, and what is kept to make them."""
        own = (self._process.pid,) if self._process is not None and self.running else ()
        return (*own, *self.source.pids)

    async def start(self) -> None:
        """Start and warm the process; one that starts already is waited for. Raises AgentError.

        Starts are spaced: after a death the next waits a little, longer from time to time.
        """
        if self.ready:
            return
        self.warm_up()
        starting = self._starting
        if starting is None:
            return
        try:
            await asyncio.shield(starting)
        except asyncio.CancelledError:
            if starting.cancelled() and not told_to_end():
                raise AgentEnded(f"the start of {self.name} was called off") from None
            raise

    async def start_within(self, seconds: float) -> None:
        """Start; a process that hangs is replaced once. Raises AgentError or TimeoutError."""
        async with asyncio.timeout(seconds):
            try:
                await self.start()
            except AgentLate as error:
                logger.error("start_hangs", agent=self.name, error=str(error))
                await self.start()

    async def _start(self) -> None:
        if self.state is AgentState.STOPPING:
            await self.stop()
        await asyncio.sleep(max(0.0, self._started + self._pause - time.monotonic()))
        self.idle, self._ready, self._detail = False, False, ""
        self._to(Trigger.START)
        self._started = time.monotonic()
        self._process = process = await self._spawn()
        self._log("agent_started")
        self._watching = asyncio.create_task(self._watch(process), name=f"supervise-{self.name}")
        try:
            await process.warm(self._context)
        except AgentError:
            await self.kill()
            raise
        self._ready = self.state is AgentState.STARTING
        for notice in self._notices():
            await process.tell(notice)

    async def _spawn(self) -> AgentProcess:
        """Raises AgentEnded where the machine gives no process."""
        try:
            return await AgentProcess.start(self.name, self.source, self._report)
        except BaseException as error:
            self._to(Trigger.DIED)
            if isinstance(error, OSError):
                raise AgentEnded(f"{self.name} gets no process: {error}") from error
            raise

    async def activate(self, phase_epoch: int) -> None:
        """Let it work. Raises AgentError."""
        await self._living().ask(Activate(phase_epoch=phase_epoch), Active, START_SECONDS)
        self._log("agent_activated", phase_epoch=phase_epoch)
        if self.state is AgentState.STARTING:
            self._to(Trigger.ACTIVATED)
        elif self.state is AgentState.STOPPING:
            self._to(Trigger.RESUMED)

    async def quiesce(self, seconds: float) -> Quiesced:
        """Let it stop issuing; it stays, and may be activated again. Raises AgentError."""
        self._to(Trigger.STOP)
        command = Quiesce(deadline_seconds=seconds)
        quiesced = await self._living().ask(command, Quiesced, seconds)
        self._log("agent_quiesced")
        return quiesced

    async def tell(self, command: Command) -> None:
        """Raises AgentEnded when there is no process."""
        await self._living().tell(command)

    async def inform(self, command: Command) -> None:
        """Tell it if it is there; the next process is told all anyway."""
        with contextlib.suppress(AgentEnded):
            await self.tell(command)

    def warm_up(self) -> None:
        """Start ahead of the need, without waiting. The process's tasks outlive whoever needs it
        first, so they have none of that one's ids in their logs.
        """
        if self._starting is None or self._starting.done():
            self._starting = asyncio.create_task(
                self._start(), name=f"start-{self.name}", context=contextvars.Context()
            )
            self._starting.add_done_callback(_note_failure)

    async def stop(self) -> None:
        """End the process, whatever state it is in; a start that is under way is called off."""
        await self._call_off()
        if self.state in (AgentState.STARTING, AgentState.ACTIVE):
            self._to(Trigger.STOP)
        self._ready = False
        if self._process is not None and self.running:
            self._ending(self.name, self._process.pid)
            await self._process.end()
        if self._watching is not None:
            await self._watching
        if self.state is AgentState.FAULTED:
            self._to(Trigger.GAVE_UP)
        if self.state is AgentState.STOPPING:
            self._to(Trigger.ENDED)

    def retire(self) -> None:
        """End the process without waiting for it."""
        self._retiring = asyncio.create_task(self.stop(), name=f"end-{self.name}")

    async def kill(self) -> None:
        """End a process that does not do what it was told; the agent is faulted then."""
        if self._process is not None:
            await self._process.kill()
        if self._watching is not None:
            await self._watching

    async def _call_off(self) -> None:
        starting = self._starting
        if starting is None or starting.done() or starting is asyncio.current_task():
            return
        starting.cancel()
        await asyncio.wait({starting})

    def view(self) -> AgentView:
        rss, cpu = self._usage()
        return AgentView(
            name=self.name,
            state=self.state,
            pid=self._process.pid if self._process and self.running else None,
            rss_bytes=rss,
            pss_bytes=self.pss_bytes if self.pids else 0,
            cpu_seconds=cpu,
            since=self._since,
            detail=self._detail or ("ready" if self._stands_by else ""),
        )

    def _usage(self) -> tuple[int, float]:
        if self._process is None or not self.running:
            return 0, 0.0
        try:
            process = psutil.Process(self._process.pid)
            times = process.cpu_times()
            return process.memory_info().rss, times.user + times.system
        except psutil.Error:
            return 0, 0.0

    def _living(self) -> AgentProcess:
        if self._process is None or self._process.ended.is_set():
            raise AgentEnded(f"{self.name} has no process")
        return self._process

    async def _watch(self, process: AgentProcess) -> None:
        await process.ended.wait()
        self._ready = False
        self._log("agent_ended")
        stopping = self.state is AgentState.STOPPING
        if time.monotonic() - self._started > STEADY_SECONDS:
            self._pause = 0.0
        elif not stopping:
            self._pause = min(LONGEST_PAUSE_SECONDS, max(0.5, self._pause * 2))
        self._to(Trigger.ENDED if stopping else Trigger.DIED)
        if not stopping:
            self._detail = process.fault or f"its process ended with status {process.status}"
            logger.error("agent_died", agent=self.name, pid=process.pid, detail=self._detail)
        self.changed.set()

    def _report(self, report: Report) -> None:
        if isinstance(report, Progressed):
            self._detail = report.detail or self._detail
            self.figures.update(report.figures)
        if isinstance(report, Idle):
            self.idle = True
            self._log("agent_idle")
            self.changed.set()
        self._on_report(report)

    def _log(self, event: str, **fields: object) -> None:
        pid = self._process.pid if self._process else None
        self._events.write(event, pod=self._context.pod, agent=self.name, pid=pid, **fields)

    def _to(self, trigger: Trigger) -> None:
        self.state = after(self.state, trigger)
        self._since = datetime.now(UTC)


def _note_failure(starting: asyncio.Task[None]) -> None:
    """A start that nobody waits for any more may fail: the agent's state tells it."""
    if not starting.cancelled() and (error := starting.exception()):
        logger.warning("start_failed", task=starting.get_name(), error=str(error))
