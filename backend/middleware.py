"""What holds for every request: an id in the logs, a bounded body, and headers that protect the
page.
"""

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from backend.errors import TooLarge
from backend.models import new_id
from backend.problems import problem_response
from backend.schemas import Problem

MAX_BODY_BYTES = 1024 * 1024

_PAGE_POLICY = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self' data:; connect-src 'self' ws: wss:; frame-ancestors 'none'; "
    "base-uri 'self'; form-action 'self'"
)
_DOCS_POLICY = (
    "default-src 'self'; img-src 'self' data: https://fastapi.tiangolo.com; "
    "script-src 'self' 'unsafe-inline' https://cdn.jsdelivr.net; "
    "style-src 'self' 'unsafe-inline' https://cdn.jsdelivr.net; frame-ancestors 'none'"
)
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


class RequestEdge:
    """Pure ASGI, so that streams pass through untouched."""

    def __init__(self, app: ASGIApp, *, secure: bool) -> None:
        self._app = app
        self._secure = secure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = new_id("req")
        path = scope["path"]

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["X-Request-Id"] = request_id
                self._protect(headers, path)
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=request_id):
            await self._app(scope, receive, send_with_headers)

    def _protect(self, headers: MutableHeaders, path: str) -> None:
        for name, value in _HEADERS.items():
            headers.setdefault(name, value)
        docs = path.startswith("/docs")
        headers.setdefault("Content-Security-Policy", _DOCS_POLICY if docs else _PAGE_POLICY)
        if self._secure:
            headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        if path.startswith("/api/"):
            headers.setdefault("Cache-Control", "no-store")


class BoundedBody:
    """A body above `MAX_BODY_BYTES` is refused with 413, by its announced or its real length."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        announced = Headers(scope=scope).get("content-length", "0")
        if announced.isdigit() and int(announced) > MAX_BODY_BYTES:
            await _refuse(scope, receive, send)
            return
        received = 0

        async def receive_bounded() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > MAX_BODY_BYTES:
                raise HTTPException(TooLarge.status, _SAYS)
            return message

        await self._app(scope, receive_bounded, send)


_SAYS = f"a request's body may have {MAX_BODY_BYTES} bytes at most"


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    problem = Problem(
        title=TooLarge.title, status=TooLarge.status, detail=_SAYS, code=TooLarge.code
    )
    await problem_response(problem)(scope, receive, send)
