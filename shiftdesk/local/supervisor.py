"""Keeps processes running: restarted when they die, ended tier by tier."""

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

import structlog

from market.serving import LISTENER_VARIABLE
from market.tasks import in_time
from shiftdesk.local.guard import Guard
from shiftdesk.local.processes import die_with_parent

logger = structlog.get_logger()

FIRST_BACKOFF_SECONDS = 0.1
LONGEST_BACKOFF_SECONDS = 5.0
LONG_LIFE_SECONDS = 10.0
LOG_LIMIT_BYTES = 5_000_000
MOST_FIRST_STARTS = 3
"""A service that ends so often before it was ever ready will not get ready."""


class ServiceFailed(Exception):
    """A service did not come up; the message ends with its last log lines."""


@dataclass(frozen=True)
class Service:
    """How to run one process. `ready` is polled after each start; `account` is (uid, gid).

    `listener` is kept open by the supervisor and handed to each start, so what answers there is
    this service.
    """

    name: str
    command: tuple[str, ...]
    environment: dict[str, str]
    ready: Callable[[], Awaitable[bool]]
    folder: Path | None = None
    account: tuple[int, int] | None = None
    listener: socket.socket | None = None
    stop_signal: int = signal.SIGTERM
    grace_seconds: float = 15.0
    ready_seconds: float = 60.0
    leaves_by_itself: bool = False
    tier: int = 0
    """What stands on it has a higher one, and is ended before it."""


@dataclass
class _Kept:
    service: Service
    process: asyncio.subprocess.Process | None = None
    task: asyncio.Task[None] | None = None
    stopping: bool = False
    starts: int = 0
    ready: asyncio.Event = field(default_factory=asyncio.Event)
    hopeless: asyncio.Event = field(default_factory=asyncio.Event)


class Supervisor:
    """Runs services; logs go to `logs/{name}.log`. The guard ends them should we be killed."""

    def __init__(self, logs: Path, guard: Guard | None = None) -> None:
        self._logs = logs
        self._guard = guard or Guard()
        self._kept: dict[str, _Kept] = {}
        logs.mkdir(parents=True, exist_ok=True)

    def names(self) -> list[str]:
        return list(self._kept)

    def pid(self, name: str) -> int | None:
        kept = self._kept.get(name)
        return kept.process.pid if kept and kept.process else None

    def starts(self, name: str) -> int:
        """How often the service was started."""
        return self._kept[name].starts

    def is_ready(self, name: str) -> bool:
        """Whether the service has been ready since it was launched."""
        return self._kept[name].ready.is_set()

    async def start(self, service: Service) -> None:
        """Start and keep the service; returns when it is ready. Raises ServiceFailed."""
        began = time.monotonic()
        kept = self.launch(service)
        assert kept.task is not None
        events = [asyncio.create_task(event.wait()) for event in (kept.ready, kept.hopeless)]
        await asyncio.wait(
            {*events, kept.task},
            timeout=service.ready_seconds,
            return_when=asyncio.FIRST_COMPLETED,
        )
        for task in events:
            task.cancel()
        if not kept.ready.is_set():
            cause = kept.task.exception() if kept.task.done() else None
            raise ServiceFailed(
                f"{service.name} was not ready after {time.monotonic() - began:.0f} s "
                f"({kept.starts} starts):\n{cause or self.log_tail(service.name)}"
            ) from cause

    def launch(self, service: Service) -> _Kept:
        """Start and keep the service without waiting for it."""
        kept = _Kept(service)
        self._kept[service.name] = kept
        kept.task = asyncio.create_task(self._keep(kept), name=f"keep-{service.name}")
        return kept

    async def stop(self, name: str) -> None:
        """End the service in order: its signal, its grace, then SIGKILL."""
        kept = self._kept.pop(name, None)
        if kept is None or kept.task is None:
            return
        kept.stopping = True
        process = kept.process
        if process is not None and process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(kept.service.stop_signal)
            try:
                await in_time(process.wait(), kept.service.grace_seconds)
            except TimeoutError:
                logger.warning("killed after its grace", name=name)
                process.kill()
                await process.wait()
        kept.task.cancel()
        await asyncio.wait({kept.task})

    async def discard(self, name: str) -> None:
        """Kill the service at once and do not start it again, as a lost machine would."""
        kept = self._kept.pop(name)
        kept.stopping = True
        if kept.process is not None and kept.process.returncode is None:
            kept.process.kill()
        if kept.task is not None:
            await kept.task

    async def stop_all(self) -> None:
        """End everything: the highest tier first, those of one tier together."""
        tiers = {kept.service.tier for kept in self._kept.values()}
        for tier in sorted(tiers, reverse=True):
            names = [name for name, kept in self._kept.items() if kept.service.tier == tier]
            await asyncio.gather(*(self.stop(name) for name in names))
        await asyncio.to_thread(self._guard.close)

    def log_tail(self, name: str, lines: int = 5) -> str:
        path = self._logs / f"{name}.log"
        if not path.exists():
            return "no log"
        return "\n".join(path.read_text(errors="replace").splitlines()[-lines:])

    async def _keep(self, kept: _Kept) -> None:
        backoff = FIRST_BACKOFF_SECONDS
        while not kept.stopping:
            began = time.monotonic()
            process = await self._spawn(kept)
            watch = asyncio.create_task(self._watch_ready(kept), name=f"{kept.service.name}-watch")
            code = await process.wait()
            watch.cancel()
            if kept.stopping or (kept.service.leaves_by_itself and code == 0):
                break
            lived = time.monotonic() - began
            backoff = FIRST_BACKOFF_SECONDS if lived > LONG_LIFE_SECONDS else backoff
            if kept.starts >= MOST_FIRST_STARTS and not kept.ready.is_set():
                kept.hopeless.set()
            logger.warning("ended, starting again", name=kept.service.name, code=code, lived=lived)
            await asyncio.sleep(backoff)
            backoff = min(2 * backoff, LONGEST_BACKOFF_SECONDS)
        if self._kept.get(kept.service.name) is kept:
            del self._kept[kept.service.name]

    async def _spawn(self, kept: _Kept) -> asyncio.subprocess.Process:
        service = kept.service
        environment = os.environ | service.environment | {"SHIFTDESK_SUPERVISED": "1"}
        if service.listener is not None:
            environment[LISTENER_VARIABLE] = str(service.listener.fileno())
        with self._log(service.name).open("ab") as log:
            kept.process = await asyncio.create_subprocess_exec(
                *service.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=environment,
                pass_fds=() if service.listener is None else (service.listener.fileno(),),
                cwd=service.folder,
                preexec_fn=die_with_parent(service.stop_signal),
                start_new_session=True,
                user=service.account[0] if service.account else None,
                group=service.account[1] if service.account else None,
                extra_groups=[] if service.account else None,
            )
        kept.starts += 1
        self._guard.watch(kept.process.pid)
        return kept.process

    def _log(self, name: str) -> Path:
        """The service's log; one that has grown large is put aside first."""
        path = self._logs / f"{name}.log"
        if path.exists() and path.stat().st_size > LOG_LIMIT_BYTES:
            path.replace(path.with_suffix(".log.1"))
        return path

    async def _watch_ready(self, kept: _Kept) -> None:
        while not await kept.service.ready():  # noqa: ASYNC110  # another process, no event
            await asyncio.sleep(0.05)
        kept.ready.set()
