"""How every Shiftdesk service runs: an orderly end on SIGTERM, and no life after its supervisor's.

uvicorn alone closes every socket at once on SIGTERM; here the service first says that it is not
ready, then drains, and then the server is told to exit.
"""

import asyncio
import contextlib
import faulthandler
import json
import os
import resource
import signal
import socket
import sys
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

import structlog
import uvicorn
from fastapi import FastAPI

from market.patience import PatientHttp
from market.probes import Probes
from market.viewers import ViewerAddress

Drain = Callable[[], Awaitable[None]]
Sockets: TypeAlias = type[asyncio.Protocol] | Literal["websockets-sansio"]

LISTENER_VARIABLE = "SHIFTDESK_LISTENER"
"""The supervisor's listening socket, as a descriptor: nobody else can then answer in our place."""

LONGEST_END_SECONDS = 88.0
"""A process that has not ended by then says where each thread stands, and ends with status 1."""

GRACE_SECONDS = 3
"""After the drain, for answers that are still being written."""

MOST_FILES = 65_536
UNREAD_MILLISECONDS = 60_000
"""A connection whose other side takes nothing for so long is given up by the kernel."""

logger = structlog.get_logger()


@dataclass(frozen=True)
class Ending:
    """How a service ends: for `linger_seconds` it serves on without being ready, so that load
    balancers take note; then `drain`, for `drain_seconds` at most; then the server.
    """

    linger_seconds: float = 0.0
    drain: Drain | None = None
    drain_seconds: float = 20.0


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started and sockets:
            sys.stdout.write(json.dumps({"listening": address(sockets[0])}) + "\n")
            sys.stdout.flush()


def listen(host: str, port: int) -> socket.socket:
    """A listening socket: the supervisor's, else one of our own (port 0 takes a free one).

    A service so knows its address before it serves. Ends the process when the port is taken.
    """
    if inherited := os.environ.pop(LISTENER_VARIABLE, ""):
        return socket.socket(fileno=int(inherited))
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen()
    except OSError as error:
        sys.exit(f"cannot listen on {host}:{port}: {error.strerror}; set SHIFTDESK_PORT to another")
    return listener


def raise_file_limit() -> None:
    """As many open sockets as the machine lets us have: shells often give a thousand."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, MOST_FILES)
    if soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


def address(listener: socket.socket) -> str:
    """The base URL of what is served on `listener`."""
    host, port = listener.getsockname()[:2]
    return f"http://{host}:{port}"


async def serve(
    app: FastAPI,
    listener: socket.socket,
    ending: Ending | None = None,
    *,
    sockets: Sockets = "websockets-sansio",
    keep_alive_seconds: int = 5,
    viewer_header: str = "",
) -> None:
    """Serve an app with probes on `listener` until SIGTERM, SIGINT or the supervisor's end. The
    address is said on stdout once requests are answered. `sockets` speaks WebSocket;
    `viewer_header` is that of `ViewerAddress`.
    """
    raise_file_limit()
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNREAD_MILLISECONDS)
    server = _Server(_config(app, sockets, keep_alive_seconds, viewer_header))
    stop = stop_event()
    server_task = asyncio.create_task(server.serve(sockets=[listener]), name="server")
    stop_task = asyncio.create_task(stop.wait(), name="stop")
    await asyncio.wait({server_task, stop_task}, return_when=asyncio.FIRST_COMPLETED)
    if not server_task.done():
        faulthandler.dump_traceback_later(LONGEST_END_SECONDS, exit=True)
        await _leave(app.state.probes, ending or Ending())
    stop_task.cancel()
    server.should_exit = True
    await server_task
    if not server.started:
        raise SystemExit(1)


async def _leave(probes: Probes, ending: Ending) -> None:
    probes.ending = True
    await asyncio.sleep(ending.linger_seconds)
    if ending.drain is None:
        return
    try:
        async with asyncio.timeout(ending.drain_seconds):
            await ending.drain()
    except TimeoutError:
        logger.warning("not_drained", seconds=ending.drain_seconds)


def _config(
    app: FastAPI, sockets: Sockets, keep_alive_seconds: int, viewer_header: str
) -> uvicorn.Config:
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        http=PatientHttp,
        h11_max_incomplete_event_size=32 * 1024,
        ws=sockets,
        ws_max_size=64 * 1024,
        ws_per_message_deflate=False,
        ws_ping_interval=10.0,
        timeout_keep_alive=keep_alive_seconds,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    if viewer_header:
        config.load()
        config.loaded_app = ViewerAddress(config.loaded_app, viewer_header)
    return config


def stop_event() -> asyncio.Event:
    """An event that is set on SIGTERM, on SIGINT, or when the process that started this one has
    ended.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    parent = os.getppid()

    def watch() -> None:
        if os.getppid() != parent:
            stop.set()
        else:
            loop.call_later(1.0, watch)

    if os.environ.get("SHIFTDESK_SUPERVISED"):
        watch()
    return stop
