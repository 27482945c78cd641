"""A template of an agent, from the pod's side: started ahead, asked for forks, ended when nobody
will need it.
"""

import asyncio
import contextlib
import contextvars
import os
import signal
import socket
import subprocess
import time
from collections import deque
from typing import Any, TypeVar

import msgspec
import structlog

from ai_pod.agents.messages import AgentContext
from ai_pod.agents.template import (
    CONTROL_VARIABLE,
    FORK,
    MOST_BYTES,
    Ended,
    Forked,
    Prepared,
    Said,
    said,
)
from ai_pod.errors import AgentEnded, AgentError, AgentLate
from ai_pod.orchestrator.patience import done_while_it_works
from ai_pod.orchestrator.processes import ONE_THREAD, Argv, Process, Source

PASS_OVER_SECONDS = 300.0
"""One that could not be prepared is not tried again for so long: what failed will often last."""

FORK_SECONDS = 5.0
LINGER_SECONDS = 2.0
LOST = -1
"""The status of an agent whose template was gone before it."""

Answer = TypeVar("Answer")

logger = structlog.get_logger()


class ForkedProcess:
    """A fork, as `asyncio.subprocess.Process` shows a child: its parent is the template."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._pidfd = _pidfd(pid)
        self._status: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    @property
    def returncode(self) -> int | None:
        return self._status.result() if self._status.done() else None

    def kill(self) -> None:
        """Raises ProcessLookupError when it is gone."""
        if self._pidfd is None:
            raise ProcessLookupError(self.pid)
        signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)

    async def wait(self) -> int:
        return await asyncio.shield(self._status)

    def ended(self, status: int) -> None:
        if not self._status.done():
            self._status.set_result(status)
        if self._pidfd is not None:
            os.close(self._pidfd)
            self._pidfd = None


def _pidfd(pid: int) -> int | None:
    """None for one that is gone already."""
    try:
        return os.pidfd_open(pid)
    except ProcessLookupError:
        return None


class Template:
    """At most one process at a time, begun anew at the next need when it has died. While it cannot
    be had, agents come from `otherwise`, more slowly.
    """

    def __init__(self, argv: Argv, context: AgentContext, otherwise: Source) -> None:
        self._argv = argv
        self._context = context
        self._otherwise = otherwise
        self._running: asyncio.Task[_Running] | None = None
        self._again_at = 0.0

    def prepare(self) -> None:
        """Start ahead of the need, without waiting; one that is there is enough."""
        if time.monotonic() < self._again_at:
            return
        if self._running is None or self._lost(self._running):
            self._running = asyncio.create_task(
                _Running.start(self._argv, self._context),
                name="template",
                context=contextvars.Context(),
            )
            self._running.add_done_callback(self._note_failure)

    @property
    def pids(self) -> tuple[int, ...]:
        """Its own process, without the forks."""
        running = self._there()
        return () if running is None or running.ended.is_set() else (running.pid,)

    async def launch(self, endpoint: socket.socket) -> Process:
        self.prepare()
        if self._running is None:
            return await self._otherwise.launch(endpoint)
        try:
            running = await asyncio.shield(self._running)
            return await running.fork(endpoint)
        except (AgentError, OSError) as error:
            logger.warning("template_passed_over", error=str(error))
            return await self._otherwise.launch(endpoint)

    async def end(self) -> None:
        """End it, and whatever it has forked."""
        task, self._running = self._running, None
        if task is None:
            return
        if not task.done():
            task.cancel()
        await asyncio.wait({task})
        if not task.cancelled() and task.exception() is None:
            await task.result().end()

    def _note_failure(self, starting: "asyncio.Task[_Running]") -> None:
        if starting.cancelled() or not (error := starting.exception()):
            return
        logger.warning("template_failed", error=str(error), again_seconds=PASS_OVER_SECONDS)
        self._again_at = time.monotonic() + PASS_OVER_SECONDS
        if self._running is starting:
            self._running = None

    def _there(self) -> "_Running | None":
        task = self._running
        known = task is not None and task.done() and not task.cancelled()
        return task.result() if task is not None and known and not task.exception() else None

    def _lost(self, task: "asyncio.Task[_Running]") -> bool:
        if not task.done():
            return False
        there = self._there()
        return there is None or there.ended.is_set()


class _Running:
    """One process of a template, prepared."""

    def __init__(self, process: asyncio.subprocess.Process, control: socket.socket) -> None:
        self._process = process
        self._control = control
        self._prepared: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._orders: deque[asyncio.Future[ForkedProcess]] = deque()
        self._forks: dict[int, ForkedProcess] = {}
        self.ended = asyncio.Event()
        self._watching = asyncio.create_task(self._watch(), name=f"template-{process.pid}")

    @classmethod
    async def start(cls, argv: Argv, context: AgentContext) -> "_Running":
        """Raises AgentError."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        ours.setblocking(False)
        with theirs:
            process = await asyncio.create_subprocess_exec(
                *argv,
                pass_fds=(theirs.fileno(),),
                env={**os.environ, **ONE_THREAD, CONTROL_VARIABLE: str(theirs.fileno())},
                stdin=subprocess.DEVNULL,
            )
        running = cls(process, ours)
        try:
            ours.send(msgspec.json.encode(context))
            await running._answer(running._prepared)
        except BaseException:
            await running.end()
            raise
        logger.info("template_ready", pid=process.pid)
        return running

    @property
    def pid(self) -> int:
        return self._process.pid

    async def fork(self, endpoint: socket.socket) -> ForkedProcess:
        """Raises AgentError. A fork that nobody waits for any more finds its socket closed."""
        order: asyncio.Future[ForkedProcess] = asyncio.get_running_loop().create_future()
        try:
            socket.send_fds(self._control, [FORK], [endpoint.fileno()])
        except OSError as error:
            raise AgentEnded(f"the template ({self.pid}) is gone") from error
        self._orders.append(order)
        return await self._answer(order, FORK_SECONDS)

    async def end(self) -> None:
        """What it has forked is killed with it."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        await self._watching

    async def _answer(self, answer: asyncio.Future[Answer], seconds: float | None = None) -> Answer:
        """Within so many seconds, or else while it works. Raises AgentEnded or AgentLate."""
        gone = asyncio.create_task(self.ended.wait(), name="template-ended")
        waiting: set[asyncio.Future[Any]] = {answer, gone}
        try:
            if seconds is None:
                await done_while_it_works(waiting, self.pid)
            else:
                await asyncio.wait(waiting, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            gone.cancel()
        if answer.done():
            return answer.result()
        answer.cancel()
        if self.ended.is_set():
            raise AgentEnded(f"the template ({self.pid}) ended")
        raise AgentLate(f"the template ({self.pid}) gives no answer")

    async def _watch(self) -> None:
        loop = asyncio.get_running_loop()
        with self._control, contextlib.suppress(ConnectionError):
            while data := await loop.sock_recv(self._control, MOST_BYTES):
                self._hear(said.decode(data))
        for fork in self._forks.values():
            with contextlib.suppress(ProcessLookupError):
                fork.kill()
            fork.ended(LOST)
        await self._gone()
        self.ended.set()

    async def _gone(self) -> None:
        """Wait for the end of a process that has closed its socket; it must not linger."""
        try:
            async with asyncio.timeout(LINGER_SECONDS):
                await self._process.wait()
        except TimeoutError:
            self._process.kill()
            await self._process.wait()

    def _hear(self, what: Said) -> None:
        match what:
            case Prepared():
                _fulfil(self._prepared, None)
            case Forked(pid=pid):
                self._forks[pid] = fork = ForkedProcess(pid)
                _fulfil(self._orders.popleft(), fork)
            case Ended(pid=pid, status=status):
                self._forks.pop(pid).ended(status)


def _fulfil(promise: asyncio.Future[Answer], answer: Answer) -> None:
    """Unless nobody waits any more."""
    if not promise.done():
        promise.set_result(answer)
