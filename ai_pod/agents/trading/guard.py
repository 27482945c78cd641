"""A policy gets so much time and no more: one that does not come back must not stop other desks.

Python code that exceeds its CPU time is interrupted where it stands, and so is what only waits, by
a thread that looks once a second. Compiled code that never returns cannot be interrupted: there the
kernel ends the process, the orchestrator starts it again, and the marker says who was acting.

A process that stood still itself, as a whole machine may, finds its policy late as well: who is
late has another second to come back.
"""

import contextlib
import mmap
import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import TypeVar

T = TypeVar("T")

CPU_SECONDS = 0.5
AGAIN_CPU_SECONDS = 0.1
"""Code that catches the interruption is interrupted again."""

FATAL_CPU_SECONDS = 3.0
REAL_SECONDS = 5.0
LOOK_SECONDS = 1.0
MARKER_BYTES = 512


class PolicyOverdue(Exception):
    """The policy has used up its time; it did not finish."""


class _Interrupted(BaseException):
    """Raised within a policy's code. No `except Exception` of its own catches it."""


class Guard:
    """Watches one policy at a time, from the main thread. `marker` names the file that outlives the
    process.
    """

    def __init__(
        self,
        marker: Path | None = None,
        *,
        cpu_seconds: float = CPU_SECONDS,
        fatal_cpu_seconds: float = FATAL_CPU_SECONDS,
        real_seconds: float = REAL_SECONDS,
    ) -> None:
        self._marker = None if marker is None else Marker(marker)
        self.suspect = self._marker.read() if self._marker else ""
        self._cpu_seconds = cpu_seconds
        self._fatal_cpu_seconds = fatal_cpu_seconds
        self._real_seconds = real_seconds
        self._since: float | None = None
        self._ended = threading.Event()
        self._main = threading.main_thread().ident
        self._before = signal.signal(signal.SIGVTALRM, self._interrupt)
        threading.Thread(target=self._look, name="guard", daemon=True).start()

    def close(self) -> None:
        self._ended.set()
        signal.signal(signal.SIGVTALRM, self._before)
        if self._marker:
            self._marker.close()

    def run(self, policy: str, work: Callable[[], T]) -> T:
        """What `work` gives. Raises PolicyOverdue when it takes too long."""
        try:
            self._begin(policy)
            try:
                return work()
            finally:
                self._end()
        except _Interrupted:
            self._end()
            raise PolicyOverdue(f"{policy}: no answer within its time") from None

    def _begin(self, policy: str) -> None:
        if self._marker:
            self._marker.write(policy)
        self._since = time.monotonic()
        signal.setitimer(signal.ITIMER_PROF, self._fatal_cpu_seconds)
        signal.setitimer(signal.ITIMER_VIRTUAL, self._cpu_seconds, AGAIN_CPU_SECONDS)

    def _end(self) -> None:
        self._since = None
        signal.setitimer(signal.ITIMER_VIRTUAL, 0.0)
        signal.setitimer(signal.ITIMER_PROF, 0.0)
        if self._marker:
            self._marker.clear()

    def _interrupt(self, _signal: int, _frame: FrameType | None) -> None:
        if self._since is not None:
            raise _Interrupted

    def _look(self) -> None:
        late: float | None = None
        while not self._ended.wait(min(LOOK_SECONDS, self._real_seconds)):
            since, before = self._since, late
            late = since if since and time.monotonic() - since > self._real_seconds else None
            if late is not None and late == before and self._main is not None:
                signal.pthread_kill(self._main, signal.SIGVTALRM)


class Marker:
    """The policy that acts now, in a mapped file: a write costs no system call, and the kernel
    keeps it when the process is ended.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            os.ftruncate(descriptor, MARKER_BYTES)
            self._map = mmap.mmap(descriptor, MARKER_BYTES)
        finally:
            os.close(descriptor)

    def read(self) -> str:
        """Who was acting when the last process ended; nobody, most of the time."""
        return self._map[:].split(b"\0", 1)[0].decode(errors="replace")

    def write(self, policy: str) -> None:
        said = policy.encode()[: MARKER_BYTES - 1] + b"\0"
        self._map[: len(said)] = said

    def clear(self) -> None:
        self._map[0] = 0

    def close(self) -> None:
        with contextlib.suppress(BufferError):
            self._map.close()
