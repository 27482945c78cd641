"""What a process has used, as the kernel counts it. Reading the memory of a large process takes it
milliseconds: not for the event loop.
"""

import re
from dataclasses import dataclass
from pathlib import Path

import psutil

_PSS = re.compile(rb"^Pss:\s+(\d+) kB", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Consumption:
    """CPU since the process began, user and system; memory as of now (see `pss_bytes`)."""

    cpu_seconds: float = 0.0
    pss_bytes: int = 0


def consumption_of(pid: int) -> Consumption:
    """Nothing for a process that is gone."""
    return Consumption(cpu_seconds(pid), pss_bytes(pid))


def cpu_seconds(pid: int) -> float:
    try:
        times = psutil.Process(pid).cpu_times()
    except psutil.Error:
        return 0.0
    return float(times.user + times.system)


def pss_bytes(pid: int) -> int:
    """Proportional set size: a page of n processes counts as an n-th. Where the kernel does not
    tell it, the resident size, which counts such a page whole.
    """
    try:
        found = _PSS.search(Path(f"/proc/{pid}/smaps_rollup").read_bytes())
        return int(found[1]) * 1024 if found else int(psutil.Process(pid).memory_info().rss)
    except (FileNotFoundError, PermissionError):
        return _resident(pid)
    except (OSError, psutil.Error):
        # Gone between two lines: the kernel says ESRCH.
        return 0


def _resident(pid: int) -> int:
    try:
        return int(psutil.Process(pid).memory_info().rss)
    except psutil.Error:
        return 0
