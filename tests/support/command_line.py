"""The installed `shiftdesk` command, run as a person runs it."""

import subprocess
import sys
from collections.abc import Iterator
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


@contextmanager
def cluster(folder: Path, *options: str) -> Iterator[Running]:
    """`shiftdesk up`, killed at the end should it still run."""
    command = [SHIFTDESK, "up", *options]
    with subprocess.Popen(command, cwd=folder, stderr=subprocess.DEVNULL) as process:
        try:
            yield process
        finally:
            process.kill()


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
    return [p for p in processes if p.is_running() and p.status() != psutil.STATUS_ZOMBIE]
