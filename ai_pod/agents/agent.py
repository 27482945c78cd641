"""The port of an agent: what every agent implements, and the runner that connects its process with
the orchestrator.

An agent's process lives as long as the orchestrator's end of the socket is open, and no longer.
"""

import asyncio
import contextlib
import os
import signal
import socket
import threading
from collections.abc import AsyncIterator, Coroutine
from typing import Protocol

import structlog

from ai_pod.agents.messages import (
    MAX_MESSAGE_BYTES,
    Activate,
    Active,
    AgentContext,
    Command,
    End,
    Faulted,
    Notice,
    Quiesce,
    Quiesced,
    Ready,
    Report,
    Warm,
    commands,
    line,
)
from ai_pod.contracts.agents import AgentName
from market import tracing
from market.observing import observe

SOCKET_VARIABLE = "SHIFTDESK_AGENT_FD"
"""Names the inherited file descriptor of the agent's end of the socket pair."""

POD_VARIABLE = "SHIFTDESK_POD"
"""The pod's name, as its own settings have it."""

END_SECONDS = 5.0

logger = structlog.get_logger()


class Link:
    """The agent's way to the orchestrator, and the home of its background tasks."""

    def __init__(self, writer: asyncio.StreamWriter, tasks: asyncio.TaskGroup) -> None:
        self._writer = writer
        self._tasks = tasks

    async def send(self, report: Report) -> None:
        """Send and wait while the orchestrator is behind. A closed socket is no error: the runner
        sees it too.
        """
        with contextlib.suppress(ConnectionError):
            self._writer.write(line(report))
            await self._writer.drain()

    def start(self, work: Coroutine[object, object, None], name: str) -> asyncio.Task[None]:
        """Run `work` beside the agent; if it raises, the agent is faulted and its process ends."""
        return self._tasks.create_task(work, name=name)


class Agent(Protocol):
    """What the runner calls, one call at a time, in this order: warm, then notices at any time,
    activate, quiesce, end.

    No call may hold the event loop for long; what lasts is started with `link.start` or in a
    thread. An exception from a call faults the agent.
    """

    name: AgentName

    async def warm(self, context: AgentContext, link: Link) -> None:
        """Import, connect, load. Returning is the vote that the agent is ready."""

    async def activate(self, phase_epoch: int) -> None:
        """Begin to work under this phase epoch. May be called again after `quiesce` (roll back)."""

    async def quiesce(self, deadline_seconds: float) -> bytes:
        """Issue nothing more, and return the state that the next agent resumes from."""

    async def handle(self, notice: Notice) -> None:
        """Take a notice; one that does not concern this agent is ignored."""

    async def end(self) -> None:
        """Close what is open, within 5 s."""


def run_agent(agent: Agent, descriptor: int | None = None) -> int:
    """Run the agent until it is told to end or the orchestrator is gone; gives the exit status.

    Its end of the socket pair is `descriptor`, or the one that it has inherited.
    """
    observe(f"ai_pod.{agent.name}", pod=os.environ.get(POD_VARIABLE, ""))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if descriptor is None:
        descriptor = int(os.environ[SOCKET_VARIABLE])
    endpoint = socket.socket(fileno=descriptor)
    try:
        return asyncio.run(_run(agent, endpoint))
    finally:
        # A forked agent ends without Python's own end, at which it would be done.
        tracing.stop()


async def _run(agent: Agent, endpoint: socket.socket) -> int:
    reader, writer = await asyncio.open_connection(sock=endpoint, limit=MAX_MESSAGE_BYTES)
    status = 0
    try:
        async with asyncio.TaskGroup() as tasks:
            link = Link(writer, tasks)
            async for command in _commands(reader):
                await _obey(agent, link, command)
            _end_within(END_SECONDS, status)
            await agent.end()
            raise _Ended
    except* _Ended:
        pass
    # The boundary of the agent's process: whatever went wrong is told, and the process ends.
    except* Exception as failures:
        status = 1
        logger.exception("agent_faulted", agent=agent.name, exc_info=failures)
        detail = "; ".join(repr(failure) for failure in failures.exceptions)
        _end_within(END_SECONDS, status)
        with contextlib.suppress(ConnectionError):
            writer.write(line(Faulted(detail=detail[:2000])))
            await writer.drain()
    writer.close()
    return status


class _Ended(Exception):
    """Cancels the agent's background tasks on an orderly end."""


async def _commands(reader: asyncio.StreamReader) -> AsyncIterator[Command]:
    while data := await _read(reader):
        command = commands.decode(data)
        if isinstance(command, End):
            return
        yield command


async def _read(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.readline()
    except ConnectionError:
        return b""


async def _obey(agent: Agent, link: Link, command: Command) -> None:
    match command:
        case Warm(context=context):
            await agent.warm(context, link)
            await link.send(Ready())
        case Activate(phase_epoch=phase_epoch):
            await agent.activate(phase_epoch)
            await link.send(Active(phase_epoch=phase_epoch))
        case Quiesce(deadline_seconds=deadline):
            await link.send(Quiesced.seal(await agent.quiesce(deadline)))
        case End():
            raise AssertionError("the end is seen before")
        case _:
            await agent.handle(command)


def _end_within(seconds: float, status: int) -> None:
    """A thread that does not stop must not keep the process alive."""
    watchdog = threading.Timer(seconds, os._exit, (status,))
    watchdog.daemon = True
    watchdog.start()
