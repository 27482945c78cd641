"""Starting a child process that ends with its parent, also when the parent is killed."""

import ctypes
import os
import pwd
import signal
import socket
import sys
from collections.abc import Callable
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_UNPRIVILEGED = "nobody"


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
    """A port on the loopback that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def port_is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
