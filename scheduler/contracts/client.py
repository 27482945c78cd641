"""The back end's client of the scheduler.

Errors of the scheduler (problem+json) pass through with their code.
"""

from typing import Any, TypeVar
from urllib.parse import quote

import httpx
import msgspec

from ai_pod.contracts import tokens
from market.requests import outgoing
from scheduler.contracts.audit import AuditRow
from scheduler.contracts.overrides import Override, OverrideRequest, Patch, PatchRequest
from scheduler.contracts.schedule import Preview, ScheduleView

T = TypeVar("T")


class SchedulerRefused(Exception):
    """The scheduler said no; `problem` is its problem+json."""

    def __init__(self, status: int, problem: dict[str, Any]) -> None:
        super().__init__(problem.get("detail", f"scheduler answered {status}"))
        self.status = status
        self.problem = problem


class SchedulerUnavailable(Exception):
    """The scheduler did not answer. The plan goes on without it."""


class SchedulerClient:
    """Calls the scheduler at `address` on behalf of a person of an organisation."""

    def __init__(
        self, http: httpx.AsyncClient, address: str, secret: tokens.Key, issuer: str
    ) -> None:
        self._http = http
        self._address = address.rstrip("/")
        self._secret = secret
        self._issuer = issuer

    async def schedule(self, *, hours: int = 72) -> ScheduleView:
        return await self._call("GET", "/v1/schedule", ScheduleView, query={"hours": str(hours)})

    async def preview(self, request: OverrideRequest) -> Preview:
        return await self._call("POST", "/v1/schedule/preview", Preview, body=request)

    async def overrides(self, *, organisation: str, ended: bool = False) -> list[Override]:
        query = {"organisation": organisation, "ended": str(ended).lower()}
        return await self._call("GET", "/v1/overrides", list[Override], query=query)

    async def set_override(
        self, request: OverrideRequest, *, organisation: str, actor: str, key: str = ""
    ) -> Override:
        """Sent again with the same `key` (ASCII, at most 200 characters), it answers what it has
        set the first time; without one it sets another.
        """
        query = {"organisation": organisation}
        return await self._call(
            "POST", "/v1/overrides", Override, query=query, body=request, actor=actor, key=key
        )

    async def end_override(self, override: str, *, organisation: str, actor: str) -> Override:
        path, query = f"/v1/overrides/{_segment(override)}", {"organisation": organisation}
        return await self._call("DELETE", path, Override, query=query, actor=actor)

    async def set_patch(self, request: PatchRequest, *, organisation: str, actor: str) -> Patch:
        query = {"organisation": organisation}
        return await self._call(
            "POST", "/v1/patches", Patch, query=query, body=request, actor=actor
        )

    async def patches(self, *, organisation: str) -> list[Patch]:
        query = {"organisation": organisation}
        return await self._call("GET", "/v1/patches", list[Patch], query=query)

    async def withdraw_patch(self, patch: str, *, organisation: str, actor: str) -> Patch:
        path, query = f"/v1/patches/{_segment(patch)}", {"organisation": organisation}
        return await self._call("DELETE", path, Patch, query=query, actor=actor)

    async def audit(self, *, organisation: str, after: int = 0) -> list[AuditRow]:
        query = {"organisation": organisation, "after": str(after)}
        return await self._call("GET", "/v1/audit", list[AuditRow], query=query)

    async def _call(
        self,
        method: str,
        path: str,
        answer: type[T],
        *,
        query: dict[str, str] | None = None,
        body: object = None,
        actor: str = "",
        key: str = "",
    ) -> T:
        token = tokens.issue(self._secret, issuer=self._issuer, audience="scheduler", actor=actor)
        headers = {
            "Authorization": f"Bearer {token}",
            "Content-Type": "application/json",
            **({"Idempotency-Key": key} if key else {}),
            **outgoing(),
        }
        content = None if body is None else msgspec.json.encode(body)
        try:
            response = await self._http.request(
                method,
                self._address + path,
                params=query,
                content=content,
                headers=headers,
                timeout=5.0,
            )
        except httpx.HTTPError as error:
            raise SchedulerUnavailable(f"the scheduler did not answer: {error!r}") from error
        if response.is_error:
            raise SchedulerRefused(response.status_code, _problem(response))
        return msgspec.json.decode(response.content, type=answer)


def _segment(name: str) -> str:
    """A name as one segment of a path: what a person typed must not become a query."""
    return quote(name, safe="")


def _problem(response: httpx.Response) -> dict[str, Any]:
    try:
        problem: dict[str, Any] = msgspec.json.decode(response.content, type=dict[str, Any])
    except msgspec.DecodeError:
        problem = {"detail": response.text[:300], "code": "scheduler_error"}
    return problem
