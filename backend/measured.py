"""Requests as metrics: how many, how they were answered, and how long people waited."""

import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from backend import telemetry
from market.requests import PROBES

NO_ROUTE = "none"
FAILED = 500


class MeasuredRequests:
    """ASGI middleware. A stream counts when it begins: how long it goes on is its reader's choice.

    Paths that no route knows share one label, so that nobody outside makes up new series.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in PROBES:
            await self._app(scope, receive, send)
            return
        began, answered = time.monotonic(), False

        async def sending(message: Message) -> None:
            nonlocal answered
            if message["type"] == "http.response.start":
                answered = True
                _count(scope, message["status"], began)
            await send(message)

        try:
            await self._app(scope, receive, sending)
        except Exception:
            if not answered:
                _count(scope, FAILED, began)
            raise


def _count(scope: Scope, status: int, began: float) -> None:
    route = getattr(scope.get("route"), "path", None) or NO_ROUTE
    telemetry.requests.labels(scope["method"], route, str(status)).inc()
    telemetry.request_seconds.labels(route).observe(time.monotonic() - began)
