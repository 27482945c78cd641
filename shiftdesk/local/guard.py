"""Ends what a killed supervisor leaves behind, whatever state it is in.

Services end by themselves when their parent has gone; the guard, a process of its own, is the bound
on that. It also holds the cluster's lock until the last of them has gone, so that the next cluster
never meets the one before it.
"""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable

import psutil

GRACE_SECONDS = 8.0
"""How long processes may take to end in order once their supervisor has gone."""


class Guard:
    """The supervisor's side: started with the first process; `held` stay open as long as it."""

    def __init__(self, held: Iterable[int] = (), *, grace_seconds: float = GRACE_SECONDS) -> None:
        self._held = tuple(held)
        self._grace_seconds = grace_seconds
        self._process: subprocess.Popen[bytes] | None = None

    def watch(self, pid: int) -> None:
        """From now on the session that `pid` leads ends with this process."""
        self._process = self._process or self._start()
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError):  # killed: the bound is lost, no process is
            self._process.stdin.write(f"{pid}\n".encode())
            self._process.stdin.flush()

    def close(self) -> None:
        """Wait until every watched process has gone; the last ones are killed."""
        if self._process is not None:
            self._process.communicate()

    def _start(self) -> "subprocess.Popen[bytes]":
        # A session of its own: Ctrl-C is for the supervisor.
        return subprocess.Popen(
            [sys.executable, "-m", __name__, str(self._grace_seconds)],
            stdin=subprocess.PIPE,
            pass_fds=self._held,
            start_new_session=True,
        )


def main(grace_seconds: float) -> None:
    """Read pids until the supervisor closes the pipe or dies, then see to their end."""
    began = {pid: created(pid) for pid in map(int, sys.stdin)}
    deadline = time.monotonic() + grace_seconds
    send(signal.SIGTERM, living(began))
    while left := living(began):
        if time.monotonic() > deadline:
            send(signal.SIGKILL, left)
        time.sleep(0.05)


def send(number: int, processes: Iterable[psutil.Process]) -> None:
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.send_signal(number)


def created(pid: int) -> float | None:
    """When the process started; None when it has gone."""
    try:
        return psutil.Process(pid).create_time()
    except psutil.NoSuchProcess:
        return None


def living(sessions: dict[int, float | None]) -> list[psutil.Process]:
    """The processes of these sessions. A leader's number that was given out again is not ours."""
    ours = {pid for pid, began in sessions.items() if created(pid) in (began, None)}
    found = []
    for process in psutil.process_iter(["status"]):
        with contextlib.suppress(ProcessLookupError):
            if os.getsid(process.pid) in ours and process.info["status"] != psutil.STATUS_ZOMBIE:
                found.append(process)
    return found


if __name__ == "__main__":
    main(float(sys.argv[1]))
