"""What goes along with a request from process to process: its id, for the logs, and its trace."""

import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import TYPE_CHECKING, Any, TypeAlias

import structlog

from market import tracing

if TYPE_CHECKING:
    from fastapi.telemetry import TelemetryConfig

REQUEST_ID = "X-Request-Id"
PROBES = frozenset({"/healthz", "/livez", "/readyz", "/startupz", "/metrics"})
"""Asked every few seconds, and of no interest to a trace."""

Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
AsgiApp: TypeAlias = Callable[[Message, Receive, Send], Awaitable[None]]

_A_REQUEST_ID = re.compile(rb"[\w.:-]{1,80}")


def request_id() -> str:
    """The id of the request that is worked on; empty outside of any."""
    return str(structlog.contextvars.get_contextvars().get("request_id", ""))


def outgoing() -> dict[str, str]:
    """Headers for a call to another of our services: what the present work carries."""
    carried = {REQUEST_ID: request_id(), "traceparent": tracing.traceparent()}
    return {name: value for name, value in carried.items() if value}


def traced() -> "TelemetryConfig":
    """FastAPI's own tracing for a service: one span for each request where tracing is on."""
    return {
        "tracing": tracing.on(),
        "tracer_provider": tracing.provider(),
        "metrics": False,
        "logs": False,
        "operation_spans": False,
        "auto_configure": False,
        "exclude": lambda scope: scope["type"] != "http" or scope["path"] in PROBES,
    }


class Arriving:
    """ASGI middleware of a service that only our own services call: its logs carry the caller's
    request id. What cannot be one is ignored.
    """

    def __init__(self, app: AsgiApp) -> None:
        self._app = app

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        said = dict(scope.get("headers", ())).get(REQUEST_ID.lower().encode(), b"")
        if not _A_REQUEST_ID.fullmatch(said):
            await self._app(scope, receive, send)
            return
        with structlog.contextvars.bound_contextvars(request_id=said.decode()):
            await self._app(scope, receive, send)
