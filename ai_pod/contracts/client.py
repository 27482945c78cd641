"""A backend's client of one pod."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import msgspec

from ai_pod.contracts import tokens
from ai_pod.contracts.chat import ReplyRequest, RunEvent, RunEventKind
from ai_pod.contracts.tools import ToolAnswer
from market.requests import outgoing

SHORT = httpx.Timeout(3.0)
TOOL_TIMEOUT = httpx.Timeout(20.0, connect=3.0)
"""The chatbot may have to be started first."""

_KINDS = frozenset(RunEventKind)


class PodUnavailable(Exception):
    """The pod did not answer, or answered with an error."""


class ToolRefused(PodUnavailable):
    """The pod understood, and says why the call makes no sense; another would say the same."""


class PodClient:
    """Calls a pod at `address` (its heartbeat's base URL)."""

    def __init__(
        self, http: httpx.AsyncClient, address: str, secret: tokens.Key, issuer: str
    ) -> None:
        self._http = http
        self._address = address.rstrip("/")
        self._secret = secret
        self._issuer = issuer

    def headers(self) -> dict[str, str]:
        token = tokens.issue(self._secret, issuer=self._issuer, audience="ai-pod")
        return {"Authorization": f"Bearer {token}", **outgoing()}

    @property
    def live_url(self) -> str:
        return self._address.replace("http", "ws", 1) + "/v1/live"

    async def attach(self, desk: str) -> None:
        """Nudge the pod to read its seat record again."""
        await self._send("POST", f"/v1/desks/{desk}")

    async def detach(self, desk: str) -> None:
        await self._send("DELETE", f"/v1/desks/{desk}")

    async def reply(self, request: ReplyRequest) -> AsyncIterator[RunEvent]:
        """The run's events until `done` or `error`. Raises PodUnavailable."""
        timeout = httpx.Timeout(10.0, read=60.0)
        url = f"{self._address}/v1/threads/{request.thread}/reply"
        body = msgspec.json.encode(request)
        headers = self.headers() | {"Content-Type": "application/json"}
        try:
            async with self._http.stream(
                "POST", url, content=body, headers=headers, timeout=timeout
            ) as response:
                if response.status_code != httpx.codes.OK:
                    raise PodUnavailable(f"{url} answered {response.status_code}")
                async for event in _events(response):
                    yield event
        except (httpx.HTTPError, msgspec.DecodeError) as error:
            raise PodUnavailable(f"{url}: {error!r}") from error

    async def call_tool(self, request: ReplyRequest) -> ToolAnswer:
        """What `request.tool` tells. Raises ToolRefused, PodUnavailable."""
        assert request.tool is not None
        path = f"/v1/desks/{request.desk}/tools/{request.tool.name}"
        response = await self._send("POST", path, msgspec.json.encode(request), TOOL_TIMEOUT)
        return msgspec.json.decode(response.content, type=ToolAnswer)

    async def _send(
        self, method: str, path: str, body: bytes = b"", bound: httpx.Timeout = SHORT
    ) -> httpx.Response:
        url = self._address + path
        try:
            response = await self._http.request(
                method, url, content=body, headers=self.headers(), timeout=bound
            )
        except httpx.HTTPError as error:
            raise PodUnavailable(f"{url}: {error!r}") from error
        if response.status_code == httpx.codes.UNPROCESSABLE_ENTITY:
            raise ToolRefused(_detail(response))
        if response.is_error:
            raise PodUnavailable(f"{url} answered {response.status_code}")
        return response


def _detail(response: httpx.Response) -> str:
    try:
        return str(msgspec.json.decode(response.content)["detail"])
    except (msgspec.DecodeError, KeyError, TypeError):
        return f"the pod answered {response.status_code}"


async def _events(response: httpx.Response) -> AsyncIterator[RunEvent]:
    """The events whose kind is known here; a newer pod may send others. Raises DecodeError."""
    kind = ""
    async for line in response.aiter_lines():
        if line.startswith("event: "):
            kind = line.removeprefix("event: ")
        elif line.startswith("data: ") and kind in _KINDS:
            data = msgspec.json.decode(line[6:], type=dict[str, Any])
            yield RunEvent(kind=RunEventKind(kind), data=data)
