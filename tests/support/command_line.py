"""The installed `shiftdesk` command, run as a person runs it."""

import asyncio
import fcntl
import os
import pty
import signal
import subprocess
import sys
import termios
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from shiftdesk.local.state import ClusterInfo, StateFolder
from tests.support.people import until

SHIFTDESK = str(Path(sys.executable).with_name("shiftdesk"))

Running = subprocess.Popen[bytes]


def shiftdesk(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a verb in `folder` to its end."""
    return subprocess.run(
        [SHIFTDESK, *arguments], cwd=folder, capture_output=True, text=True, check=False
    )


def heed_ctrl_c() -> None:
    """In a child before it begins: what a shell runs in the background ignores Ctrl-C, and so would
    the child.
    """
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@contextmanager
def cluster(folder: Path, *options: str) -> Iterator[Running]:
    """`shiftdesk up`, killed at the end should it still run."""
    command = [SHIFTDESK, "up", *options]
    with subprocess.Popen(
        command, cwd=folder, stderr=subprocess.DEVNULL, preexec_fn=heed_ctrl_c
    ) as process:
        try:
            yield process
        finally:
            process.kill()


@contextmanager
def cluster_in_terminal(
    folder: Path, *options: str
) -> Iterator[tuple[Running, Callable[[], None]]]:
    """`shiftdesk up` in a terminal of its own, whose window is closed by the second that is given;
    killed at the end should it still run. Within a running loop, which reads what it says.
    """
    command = [SHIFTDESK, "up", *options]
    screen, line = pty.openpty()
    window, loop = os.fdopen(screen, "rb", buffering=0), asyncio.get_running_loop()
    process = subprocess.Popen(
        command,
        cwd=folder,
        stdin=line,
        stdout=line,
        stderr=line,
        start_new_session=True,
        preexec_fn=_in_terminal,
    )
    os.close(line)

    def close() -> None:
        loop.remove_reader(screen)
        window.close()

    loop.add_reader(screen, window.read, 65536)
    try:
        yield process, close
    finally:
        process.kill()
        process.wait()
        if not window.closed:
            close()


def _in_terminal() -> None:
    """In a child before it begins: what is on its stdin is its terminal, whose end it heeds, which
    it would not if these tests ran under `nohup`.
    """
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


async def is_up(folder: Path, process: Running, seconds: float = 120.0) -> ClusterInfo:
    """Wait until the cluster serves."""

    def published() -> ClusterInfo | None:
        assert process.poll() is None
        info = StateFolder(folder / ".shiftdesk").running()
        return info if info and info.pid == process.pid else None

    info: ClusterInfo = await until(published, seconds, what="the cluster")
    return info


def family(pid: int) -> list[psutil.Process]:
    """Every process that this one has started."""
    return psutil.Process(pid).children(recursive=True)


def living(processes: list[psutil.Process]) -> list[psutil.Process]:
    return [process for process in processes if _lives(process)]


def command(process: psutil.Process) -> str:
    """What it was started with; of one that has ended meanwhile, nothing."""
    try:
        return " ".join(process.cmdline())
    except psutil.NoSuchProcess:
        return ""


def _lives(process: psutil.Process) -> bool:
    """One may end between two questions."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
