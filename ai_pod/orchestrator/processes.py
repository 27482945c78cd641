"""An agent's process: started with one end of a socket pair, told and heard in messages, ended."""

import asyncio
import contextlib
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from typing import Protocol, TypeVar

import msgspec
import psutil
import structlog

from ai_pod.agents.agent import SOCKET_VARIABLE
from ai_pod.agents.messages import (
    MAX_MESSAGE_BYTES,
    Active,
    AgentContext,
    Command,
    End,
    Faulted,
    Quiesced,
    Ready,
    Report,
    Warm,
    line,
    reports,
)
from ai_pod.contracts.agents import AgentName
from ai_pod.errors import AgentEnded, AgentLate
from ai_pod.orchestrator.patience import LONGEST_SECONDS, done_while_it_works

Argv = tuple[str, ...]
Deliver = Callable[[Report], None]
Answer = TypeVar("Answer", Ready, Active, Quiesced)

NICENESS = {AgentName.LEARNING: 10}
"""Learning gives way to whatever else runs on the machine."""

MODULES: dict[AgentName, Argv] = {
    name: (sys.executable, "-m", f"ai_pod.agents.{name}") for name in AgentName
}
ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "TOKENIZERS_PARALLELISM": "false",
}

LINGER_SECONDS = 6.0

logger = structlog.get_logger()


class Process(Protocol):
    """A running process, however it came to be; as `asyncio.subprocess.Process`."""

    @property
    def pid(self) -> int: ...

    @property
    def returncode(self) -> int | None: ...

    def kill(self) -> None: ...

    async def wait(self) -> int: ...


class Source(Protocol):
    """Where an agent's processes come from. `pids` are those that it keeps for that."""

    @property
    def pids(self) -> tuple[int, ...]: ...

    def prepare(self) -> None:
        """See to it, without waiting, that a launch is quick."""

    async def launch(self, endpoint: socket.socket) -> Process:
        """A process that speaks over its end of a socket pair. Raises AgentError, OSError."""

    async def end(self) -> None:
        """Give back what it keeps."""


class Executed:
    """A command, run anew for every process."""

    pids: tuple[int, ...] = ()

    def __init__(self, argv: Argv) -> None:
        self._argv = argv

    def prepare(self) -> None:
        """Nothing can be done ahead."""

    async def launch(self, endpoint: socket.socket) -> Process:
        return await asyncio.create_subprocess_exec(
            *self._argv,
            pass_fds=(endpoint.fileno(),),
            env={**os.environ, **ONE_THREAD, SOCKET_VARIABLE: str(endpoint.fileno())},
            stdin=subprocess.DEVNULL,
        )

    async def end(self) -> None:
        """It keeps nothing."""


class AgentProcess:
    """One life of an agent's process. `deliver` gets every report that is no answer."""

    def __init__(self, name: AgentName, process: Process) -> None:
        self.name = name
        self.ended = asyncio.Event()
        self.fault = ""
        self._process = process
        self._answers: dict[type[Report], asyncio.Future[Report]] = {}

    @classmethod
    async def start(cls, name: AgentName, source: Source, deliver: Deliver) -> "AgentProcess":
        """Raises AgentError, OSError."""
        ours, theirs = socket.socketpair()
        process = None
        try:
            process = await source.launch(theirs)
            agent = cls(name, process)
            await agent._connect(ours, deliver)
        except BaseException:
            ours.close()
            if process is not None:
                process.kill()
            raise
        finally:
            theirs.close()
        return agent

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def status(self) -> int | None:
        return self._process.returncode

    async def tell(self, command: Command) -> None:
        """Send a command. Raises AgentEnded when the process is gone."""
        if self.ended.is_set():
            raise AgentEnded(f"{self.name} ({self.pid}) is gone")
        try:
            self._writer.write(line(command))
            await self._writer.drain()
        except (ConnectionError, RuntimeError) as error:
            raise AgentEnded(f"{self.name} ({self.pid}) is gone") from error

    async def ask(self, command: Command, answer: type[Answer], seconds: float) -> Answer:
        """Send a command and wait for its answer. Raises AgentEnded or AgentLate."""
        waiting: asyncio.Future[Report] = asyncio.get_running_loop().create_future()
        self._answers[answer] = waiting
        try:
            async with asyncio.timeout(seconds):
                await self.tell(command)
                report = await waiting
        except TimeoutError as error:
            late = f"{self.name} ({self.pid}) gave no {answer.__name__} within {seconds:g} s"
            raise AgentLate(late) from error
        finally:
            self._answers.pop(answer, None)
        assert isinstance(report, answer)
        return report

    async def warm(self, context: AgentContext) -> None:
        """Ask it to warm up, and wait as long as it works. Raises AgentEnded, or AgentLate for one
        that hangs.
        """
        asking = asyncio.create_task(self.ask(Warm(context=context), Ready, LONGEST_SECONDS))
        try:
            if not await done_while_it_works({asking}, self.pid):
                raise AgentLate(f"{self.name} ({self.pid}) hangs while it warms up")
            asking.result()
            self._give_way()
        finally:
            asking.cancel()
            await asyncio.wait({asking})

    def _give_way(self) -> None:
        """From now on: while it started, a switch may have been waiting for it."""
        with contextlib.suppress(psutil.Error):
            psutil.Process(self.pid).nice(NICENESS.get(self.name, 0))

    async def end(self, seconds: float = 5.0) -> None:
        """Tell it to end; kill it when it has not within so many seconds."""
        with contextlib.suppress(AgentEnded, TimeoutError):
            async with asyncio.timeout(seconds):
                await self.tell(End())
                await self._process.wait()
        await self.kill()

    async def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        await self._process.wait()
        await self._watching

    async def _connect(self, ours: socket.socket, deliver: Deliver) -> None:
        reader, self._writer = await asyncio.open_connection(sock=ours, limit=MAX_MESSAGE_BYTES)
        self._watching = asyncio.create_task(
            self._watch(reader, deliver), name=f"watch-{self.name}-{self.pid}"
        )

    async def _watch(self, reader: asyncio.StreamReader, deliver: Deliver) -> None:
        try:
            while data := await reader.readline():
                self._take(reports.decode(data), deliver)
        except ConnectionError:
            pass
        except (msgspec.DecodeError, ValueError) as error:
            self.fault = f"its report cannot be read: {error}"
            self._process.kill()
        await self._gone()
        self._writer.close()
        for waiting in self._answers.values():
            if not waiting.done():
                waiting.set_exception(AgentEnded(f"{self.name} ({self.pid}) ended: {self.fault}"))
        self.ended.set()

    async def _gone(self) -> None:
        """Wait for the end of a process that has closed its socket; it must not linger."""
        try:
            async with asyncio.timeout(LINGER_SECONDS):
                await self._process.wait()
        except TimeoutError:
            self._process.kill()
            await self._process.wait()

    def _take(self, report: Report, deliver: Deliver) -> None:
        if isinstance(report, Ready | Active | Quiesced):
            waiting = self._answers.get(type(report))
            if waiting is not None and not waiting.done():
                waiting.set_result(report)
            return
        if isinstance(report, Faulted):
            self.fault = report.detail
            logger.error("agent_faulted", agent=self.name, pid=self.pid, detail=report.detail)
        deliver(report)
