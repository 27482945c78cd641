"""A template of an agent: a process that has imported and loaded what the agent needs, and forks
one whenever it is told to, in milliseconds instead of seconds. Their pages are shared.

It has one thread and runs no event loop: a fork copies only the thread that forks.
"""

import contextlib
import gc
import os
import random
import selectors
import signal
import socket
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import msgspec

from ai_pod.agents.agent import Agent, run_agent
from ai_pod.agents.messages import AgentContext
from ai_pod.memory.trimming import trim
from market.words import Word

CONTROL_VARIABLE = "SHIFTDESK_TEMPLATE_FD"
"""Names the inherited file descriptor of the template's end of its SEQPACKET pair."""

FORK = b"fork"
MOST_BYTES = 64 * 1024

Make: TypeAlias = Callable[[], Agent]


class Prepared(Word, frozen=True, kw_only=True, tag="prepared"):
    """All is loaded; forks are quick from now on."""


class Forked(Word, frozen=True, kw_only=True, tag="forked"):
    """The agent that was asked for, with the socket that came with the order."""

    pid: int


class Ended(Word, frozen=True, kw_only=True, tag="ended"):
    """An agent is gone; `status` as of `os.waitstatus_to_exitcode`."""

    pid: int
    status: int


Said: TypeAlias = Prepared | Forked | Ended

said = msgspec.json.Decoder(Said)


class ManyThreads(RuntimeError):
    """Something that was loaded has started threads, so that a fork would lose them."""


def serve_template(prepare: Callable[[AgentContext], Make]) -> int:
    """Prepare by the context that comes first, then fork an agent for each order, until whoever
    orders is gone. Raises ManyThreads.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    control = socket.socket(fileno=int(os.environ[CONTROL_VARIABLE]))
    ordered = control.recv(MOST_BYTES)
    if not ordered:
        return 0
    make = prepare(msgspec.json.decode(ordered, type=AgentContext))
    if (threads := _threads()) > 1:
        raise ManyThreads(f"{threads} threads after loading")
    trim()
    # What was loaded stays: no collector shall touch, and so copy, its pages in a fork.
    gc.freeze()
    control.send(msgspec.json.encode(Prepared()))
    with selectors.DefaultSelector() as selector:
        _Forks(control, selector, make).serve()
    return 0


def _threads() -> int:
    """Of this process, those of libraries among them."""
    with contextlib.suppress(FileNotFoundError):
        return len(list(Path("/proc/self/task").iterdir()))
    return 1


class _Forks:
    """The agents that were forked and have not ended, each under its pidfd."""

    def __init__(self, control: socket.socket, selector: selectors.BaseSelector, make: Make):
        self._control, self._selector, self._make = control, selector, make

    def serve(self) -> None:
        """Returns when the other end of the control socket is closed."""
        self._selector.register(self._control, selectors.EVENT_READ)
        while True:
            for key, _ in self._selector.select():
                if key.fileobj is not self._control:
                    self._reap(key)
                elif not self._obey():
                    return

    def _obey(self) -> bool:
        order, descriptors, _, _ = socket.recv_fds(self._control, MOST_BYTES, 1)
        if order == FORK and descriptors:
            self._fork(descriptors[0])
        return bool(order)

    def _fork(self, endpoint: int) -> None:
        pid = os.fork()
        if pid == 0:
            status = 1
            try:
                status = self._live(endpoint)
            finally:
                os._exit(status)
        os.close(endpoint)
        self._selector.register(os.pidfd_open(pid), selectors.EVENT_READ, pid)
        self._say(Forked(pid=pid))

    def _live(self, endpoint: int) -> int:
        """The agent's own life, in the fork: nothing of the template's is open in it."""
        for key in list(self._selector.get_map().values()):
            os.close(key.fd)
        self._selector.close()
        random.seed()
        return run_agent(self._make(), endpoint)

    def _reap(self, key: selectors.SelectorKey) -> None:
        _, status = os.waitpid(key.data, 0)
        self._selector.unregister(key.fd)
        os.close(key.fd)
        self._say(Ended(pid=key.data, status=os.waitstatus_to_exitcode(status)))

    def _say(self, what: Said) -> None:
        with contextlib.suppress(ConnectionError):
            self._control.send(msgspec.json.encode(what))
