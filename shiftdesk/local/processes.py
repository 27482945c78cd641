"""What the machine gives: ports, an account for the stores, and children that end with us."""

import contextlib
import ctypes
import os
import pwd
import signal
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from random import SystemRandom

import psutil

_PR_SET_PDEATHSIG = 1
_UNPRIVILEGED = "nobody"
_NEVER_GIVEN_OUT = range(20_000, 30_000)
"""Below what Linux (from 32768) and macOS (from 49152) take from where any port will do."""

_TRIES = 100


def die_with_parent(number: int = signal.SIGTERM) -> Callable[[], None]:
    """A `preexec_fn`: Linux sends the child `number` when the parent dies. Elsewhere: nothing."""
    parent = os.getpid()
    libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None

    def before_exec() -> None:
        if libc is not None:
            libc.prctl(_PR_SET_PDEATHSIG, number, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return before_exec


def unprivileged_account() -> pwd.struct_passwd | None:
    """The account for servers that refuse to run as root; None when we are not root."""
    return pwd.getpwnam(_UNPRIVILEGED) if os.geteuid() == 0 else None


def is_public(path: Path) -> bool:
    """Whether every parent folder of `path` lets other accounts through."""
    return all(parent.stat().st_mode & 0o001 for parent in path.absolute().parents)


def free_port() -> int:
    """A port on the loopback that was free a moment ago, of those that no system gives out by
    itself: whoever binds it later, or again after it was killed, finds it taken by nobody who asked
    for any port. Raises PortTaken.
    """
    for port in SystemRandom().sample(_NEVER_GIVEN_OUT, _TRIES):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise PortTaken(f"{_TRIES} ports of the loopback were tried, and none is free")


class PortTaken(Exception):
    """Another process listens on a port that was asked for."""


def listener(port: int) -> socket.socket:
    """A listening socket on the loopback; 0 takes a free port. Raises PortTaken, saying by whom."""
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind(("127.0.0.1", port))
        made.listen()
    except OSError as error:
        made.close()
        raise PortTaken(f"port {port}: {error.strerror}{_by_whom(port)}") from error
    return made


def _by_whom(port: int) -> str:
    """Where the system tells: the process that listens there."""
    try:
        pids = [c.pid for c in psutil.net_connections("tcp") if c.pid and c.laddr[1:] == (port,)]
        return f", by process {pids[0]} ({psutil.Process(pids[0]).name()})" if pids else ""
    except psutil.Error:
        return ""
