"""Overrides: what an operator imposes on the plan for a time. They are validated here and nowhere
else, end by themselves, and are never deleted.
"""

import re
import uuid
from collections.abc import Collection
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import ColumnElement, RowMapping, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ai_pod.contracts.plan import Phase
from scheduler import audit
from scheduler.audit import Author
from scheduler.checks import check_reason, in_utc, utc
from scheduler.contracts.overrides import Override, OverrideRequest
from scheduler.database import hold_revision, next_revision
from scheduler.errors import Conflict, Invalid, NotFound
from scheduler.tables import columns, fields, override

LONGEST = timedelta(days=7)
MOST_ROWS = 500
_KEYED = uuid.UUID("5c7f52a8-4a0f-5e0e-9d57-2f1b6f3f8f31")
_POD = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?")


def check(request: OverrideRequest, pools: Collection[str], now: datetime) -> OverrideRequest:
    """The request with its start filled in; a start that has passed becomes `now`.

    Raises Invalid with the code of the first rule that it breaks.
    """
    _check_scope(request.scope, pools)
    check_reason(request.reason, "override")
    wanted, ends = in_utc(request.starts), in_utc(request.ends) or now
    if wanted is not None and ends <= wanted:
        raise Invalid(
            "override_ends_before_start",
            f"the override would end at {utc(ends)}, not after its start at {utc(wanted)}; "
            "give an end after its start",
        )
    if ends <= now:
        raise Invalid(
            "override_ends_in_past",
            f"the override would end at {utc(ends)}, and the market's time is {utc(now)} already; "
            "give a later end",
        )
    starts = max(wanted or now, now)
    if ends - starts > LONGEST:
        raise Invalid(
            "override_too_long",
            f"an override holds for at most {LONGEST.days} days, this one for "
            f"{(ends - starts) / timedelta(days=1):.1f}; set it again when it ends",
        )
    return msgspec.structs.replace(request, starts=starts, ends=ends, reason=request.reason.strip())


def identity(asked: OverrideRequest, author: Author, key: str | None) -> str:
    """The id of the override that a request makes: the same for the same request of an
    organisation under the same key, and a new one each time without a key.
    """
    if key is None:
        return str(uuid.uuid4())
    content = "\n".join((author.organisation, key, msgspec.json.encode(asked).decode()))
    return str(uuid.uuid5(_KEYED, content))


async def known(connection: AsyncConnection, override_id: str, author: Author) -> Override | None:
    """What has been set under this id. Other changes wait until this transaction ends, so that of
    two requests with one key the second finds what the first has set.
    """
    await hold_revision(connection)
    found = (await connection.execute(select(override).where(_own(override_id, author)))).mappings()
    row = found.one_or_none()
    return None if row is None else _override(row)


async def set_override(
    connection: AsyncConnection, request: OverrideRequest, author: Author, override_id: str = ""
) -> Override:
    """Store a checked request, with its audit row; under `override_id`, or else a new one."""
    made = proposed(request, author, await next_revision(connection), override_id)
    await connection.execute(insert(override).values(**columns(made)))
    await audit.append(connection, author, "override_set", before=None, after=made)
    return made


async def end_override(connection: AsyncConnection, override_id: str, author: Author) -> Override:
    """End it now; whoever has ended it already is told so again, for the first answer may be lost.

    Raises NotFound, also for another organisation's, and Conflict when it is over otherwise.
    """
    await hold_revision(connection)
    mine = _own(override_id, author)
    found = (await connection.execute(select(override).where(mine))).mappings().one_or_none()
    if found is None:
        raise NotFound("override_not_found", f"there is no override {override_id}; list them first")
    before = _override(found)
    if before.ended_at is not None and before.ended_by == author.actor:
        return before
    over = before.ended_at or before.ends
    if over <= author.market_now:
        raise Conflict(
            "override_already_ended",
            f"override {override_id} ended at {utc(over)}; there is nothing to end",
        )
    revision = await next_revision(connection)
    change = {"ended_at": author.market_now, "ended_by": author.actor, "revision": revision}
    await connection.execute(update(override).where(mine).values(**change))
    after = msgspec.structs.replace(
        before, ended_at=author.market_now, ended_by=author.actor, revision=revision
    )
    await audit.append(connection, author, "override_ended", before=before, after=after)
    return after


async def listed(
    connection: AsyncConnection, organisation: str, *, ended: bool, now: datetime
) -> list[Override]:
    """The organisation's overrides, newest first; those that are over only with `ended`."""
    query = select(override).where(override.c.organisation_id == organisation)
    if not ended:
        query = query.where(_over() > now)
    rows = await connection.execute(query.order_by(override.c.revision.desc()).limit(MOST_ROWS))
    return [_override(mapping) for mapping in rows.mappings()]


async def holding_after(connection: AsyncConnection, instant: datetime) -> tuple[Override, ...]:
    """All organisations' overrides that hold at `instant` or later, oldest first."""
    rows = await connection.execute(
        select(override).where(_over() > instant).order_by(override.c.revision)
    )
    return tuple(_override(mapping) for mapping in rows.mappings())


def proposed(
    request: OverrideRequest, author: Author, revision: int, override_id: str = ""
) -> Override:
    """The override that a checked request would become."""
    return Override(
        id=override_id or str(uuid.uuid4()),
        organisation=author.organisation,
        scope=request.scope,
        phase=request.phase,
        starts=request.starts or author.market_now,
        ends=request.ends,
        reason=request.reason,
        owner=author.actor,
        created_at=author.market_now,
        revision=revision,
    )


def _check_scope(scope: str, pools: Collection[str]) -> None:
    kind, _, name = scope.partition(":")
    if scope == "all" or (kind == "pool" and name in pools):
        return
    if kind == "pool":
        known = ", ".join(sorted(pools))
        raise Invalid("override_pool_unknown", f"there is no pool {name!r}; there are {known}")
    if kind != "pod":
        raise Invalid(
            "override_scope_unknown",
            f"{scope!r} is no scope; write `all`, `pool:NAME` or `pod:NAME`",
        )
    if not _POD.fullmatch(name):
        raise Invalid(
            "override_pod_name",
            f"{name!r} is no pod's name: lower-case letters, digits, dots and hyphens, at most 253",
        )


def _own(override_id: str, author: Author) -> ColumnElement[bool]:
    return (override.c.id == override_id) & (override.c.organisation_id == author.organisation)


def _over() -> ColumnElement[datetime]:
    return func.coalesce(override.c.ended_at, override.c.ends)


def _override(mapping: RowMapping) -> Override:
    values = fields(mapping)
    return Override(**values | {"phase": Phase(values["phase"])})
