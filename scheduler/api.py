"""The scheduler's REST: schedule, preview, overrides, patches, audit. It translates, and holds no
rules; only services with a token may call it, on behalf of a person.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, TypeVar

import msgspec
from fastapi import APIRouter, Depends, Header, Query, Request, Response

from ai_pod.contracts import tokens
from scheduler import audit, overrides, patches
from scheduler.audit import Author
from scheduler.contracts.overrides import OverrideRequest, PatchRequest
from scheduler.errors import Invalid, Unauthenticated
from scheduler.planner import Planner
from scheduler.views import Views

T = TypeVar("T")

AUDIENCE = "scheduler"
LONGEST_VIEW_HOURS = 14 * 24
LARGEST_BODY_BYTES = 64 * 1024


@dataclass(frozen=True)
class Services:
    """What the endpoints need; `wake` has a change published at once."""

    planner: Planner
    views: Views
    secret: tokens.Key
    wake: Callable[[], None]


def services(request: Request) -> Services:
    found: Services = request.app.state.services
    return found


Its = Annotated[Services, Depends(services)]


def actor(its: Its, authorization: Annotated[str, Header()] = "") -> str:
    """Whoever the service token speaks for. Raises Unauthenticated."""
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer":
        raise Unauthenticated("token_missing", "send a service token: Authorization: Bearer …")
    try:
        return tokens.verify(its.secret, token, audience=AUDIENCE)
    except tokens.TokenRefused as error:
        raise Unauthenticated("token_refused", str(error)) from error


Actor = Annotated[str, Depends(actor)]
Organisation = Annotated[str, Query(min_length=1, max_length=100)]


def author(its: Its, who: Actor, organisation: Organisation) -> Author:
    return Author(organisation=organisation, actor=who, market_now=its.planner.clock.now())


By = Annotated[Author, Depends(author)]
Key = Annotated[str | None, Header(alias="Idempotency-Key", min_length=1, max_length=200)]

router = APIRouter(prefix="/v1", dependencies=[Depends(actor)])


@router.get("/schedule")
async def show_schedule(
    its: Its, hours: Annotated[int, Query(ge=1, le=LONGEST_VIEW_HOURS)] = 72
) -> Response:
    return _json(await its.views.schedule(hours))


@router.post("/schedule/preview")
async def show_preview(its: Its, who: Actor, request: Request) -> Response:
    asked = await _body(request, OverrideRequest)
    by = Author(organisation="", actor=who, market_now=its.planner.clock.now())
    return _json(await its.views.preview(asked, by))


@router.get("/overrides")
async def list_overrides(its: Its, by: By, ended: bool = False) -> Response:
    async with its.planner.database.transaction() as connection:
        found = await overrides.listed(connection, by.organisation, ended=ended, now=by.market_now)
    return _json(found)


@router.post("/overrides")
async def set_override(its: Its, by: By, request: Request, key: Key = None) -> Response:
    """Sent again with its key, the request finds what it has set, whatever became of it since."""
    asked = await _body(request, OverrideRequest)
    its_id = overrides.identity(asked, by, key)
    async with its.planner.database.transaction() as connection:
        made = await overrides.known(connection, its_id, by) if key else None
        if made is None:
            pools = [pool.name for pool in its.planner.pools]
            checked = overrides.check(asked, pools, by.market_now)
            made = await overrides.set_override(connection, checked, by, its_id)
    its.wake()
    return _json(made, status=201)


@router.delete("/overrides/{override}")
async def end_override(its: Its, by: By, override: str) -> Response:
    async with its.planner.database.transaction() as connection:
        ended = await overrides.end_override(connection, override, by)
    its.wake()
    return _json(ended)


@router.get("/patches")
async def list_patches(its: Its, by: By) -> Response:
    async with its.planner.database.transaction() as connection:
        found = await patches.listed(connection, by.organisation)
    return _json(found)


@router.post("/patches")
async def set_patch(its: Its, by: By, request: Request) -> Response:
    checked = patches.check(await _body(request, PatchRequest))
    async with its.planner.database.transaction() as connection:
        made = await patches.set_patch(connection, checked, by)
    its.wake()
    return _json(made, status=201)


@router.delete("/patches/{patch}")
async def withdraw_patch(its: Its, by: By, patch: str) -> Response:
    async with its.planner.database.transaction() as connection:
        withdrawn = await patches.withdraw_patch(connection, patch, by)
    its.wake()
    return _json(withdrawn)


@router.get("/audit")
async def show_audit(its: Its, by: By, after: Annotated[int, Query(ge=0)] = 0) -> Response:
    async with its.planner.database.transaction() as connection:
        rows = await audit.listed(connection, by.organisation, after)
    return _json(rows)


async def _body(request: Request, of: type[T]) -> T:
    try:
        return msgspec.json.decode(await request.body(), type=of)
    except msgspec.ValidationError as error:
        raise Invalid("body_invalid", f"the body is no {of.__name__}: {error}") from error
    except msgspec.DecodeError as error:
        raise Invalid("body_not_json", f"the body is no JSON: {error}") from error


def _json(content: object, status: int = 200) -> Response:
    return Response(msgspec.json.encode(content), status, media_type="application/json")
