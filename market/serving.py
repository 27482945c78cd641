"""How every Shiftdesk service runs: an orderly end on SIGTERM, and no life after its supervisor's.

uvicorn alone closes every socket at once on SIGTERM; here the service drains first, then the server
is told to exit.
"""

import asyncio
import contextlib
import json
import os
import signal
import socket
import sys
from collections.abc import Awaitable, Callable, Iterator

import structlog
import uvicorn

Drain = Callable[[], Awaitable[None]]

logger = structlog.get_logger()


LISTENER_VARIABLE = "SHIFTDESK_LISTENER"
"""The supervisor's listening socket, as a descriptor: nobody else can then answer in our place."""


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


def address(listener: socket.socket) -> str:
    """The base URL of what is served on `listener`."""
    host, port = listener.getsockname()[:2]
    return f"http://{host}:{port}"


async def serve(
    app: object, listener: socket.socket, *, drain: Drain | None = None, drain_seconds: float = 20.0
) -> None:
    """Serve an ASGI app on `listener` until SIGTERM, SIGINT or the supervisor's end; `drain` runs
    first, bounded. The address is said on stdout once requests are answered.
    """
    config = uvicorn.Config(
        app,  # type: ignore[arg-type]  # any ASGI app
        log_config=None,
        access_log=False,
        ws="websockets-sansio",
        ws_max_size=64 * 1024,
        ws_per_message_deflate=False,
        ws_ping_interval=10.0,
        timeout_graceful_shutdown=3,
    )
    server = _Server(config)
    stop = stop_event()
    server_task = asyncio.create_task(server.serve(sockets=[listener]), name="server")
    stop_task = asyncio.create_task(stop.wait(), name="stop")
    await asyncio.wait({server_task, stop_task}, return_when=asyncio.FIRST_COMPLETED)
    if drain is not None and not server_task.done():
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(drain(), drain_seconds)
    stop_task.cancel()
    server.should_exit = True
    await server_task
    if not server.started:
        raise SystemExit(1)


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
