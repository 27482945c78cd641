"""The bounds of a request, the same for every service: a body has a size and a pace, and an answer
begins in time. Streams are free once they have begun.
"""

import asyncio
from collections.abc import Mapping
from http import HTTPStatus

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_BODY_BYTES = 1024 * 1024
BODY_SECONDS = 10.0
"""The longest pause in a body: who is slower is refused with 408."""

ANSWER_SECONDS = 30.0
"""Until the answer's first byte; a request that takes longer is cancelled."""


class Bounded:
    """Pure ASGI, so that streams pass through untouched. `longer` names paths whose answers may
    begin later than others.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        body_bytes: int = MAX_BODY_BYTES,
        body_seconds: float = BODY_SECONDS,
        answer_seconds: float = ANSWER_SECONDS,
        longer: Mapping[str, float] | None = None,
    ) -> None:
        self._app = app
        self._body_bytes = body_bytes
        self._body_seconds = body_seconds
        self._answer_seconds = answer_seconds
        self._longer = longer or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        announced = Headers(scope=scope).get("content-length", "0")
        if announced.isdigit() and int(announced) > self._body_bytes:
            await refusal(413, "too_large", _too_large(self._body_bytes))(scope, receive, send)
            return
        body = _Body(receive, self._body_bytes, self._body_seconds)
        begun = False
        seconds = self._longer.get(scope["path"], self._answer_seconds)
        try:
            async with asyncio.timeout(seconds) as limit:

                async def send_in_time(message: Message) -> None:
                    nonlocal begun
                    if not begun and not limit.expired():
                        limit.reschedule(None)
                    begun = True
                    await send(message)

                await self._app(scope, body.receive, send_in_time)
        except TimeoutError:
            if begun or not limit.expired():
                raise
            says = f"no answer in {seconds:g} s; try again"
            await refusal(503, "too_slow", says)(scope, receive, send)


class _Body:
    """What is still to come of one request's body."""

    def __init__(self, receive: Receive, most_bytes: int, seconds: float) -> None:
        self._receive = receive
        self._most_bytes = most_bytes
        self._seconds = seconds
        self._received = 0
        self._complete = False

    async def receive(self) -> Message:
        """Raises HTTPException with 413 or 408."""
        if self._complete:
            return await self._receive()
        try:
            async with asyncio.timeout(self._seconds):
                message = await self._receive()
        except TimeoutError as error:
            raise HTTPException(408, "the request's body does not come") from error
        self._received += len(message.get("body", b""))
        if self._received > self._most_bytes:
            raise HTTPException(413, _too_large(self._most_bytes))
        self._complete = not message.get("more_body", False)
        return message


def _too_large(most_bytes: int) -> str:
    return f"a request's body may have {most_bytes} bytes at most"


def refusal(status: int, code: str, detail: str) -> JSONResponse:
    """The answer as problem+json."""
    title = HTTPStatus(status).phrase
    problem = {
        "type": "about:blank",
        "title": title,
        "status": status,
        "detail": detail,
        "code": code,
    }
    return JSONResponse(problem, status, media_type="application/problem+json")
