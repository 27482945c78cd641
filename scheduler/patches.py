"""Calendar patches: an exchange closed or shortened ad hoc. The newest of a day holds."""

import uuid
from datetime import UTC, date, datetime, time, timedelta

import msgspec
from sqlalchemy import RowMapping, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from market.calendars import from_ns, trading_sessions
from market.errors import CalendarError
from scheduler import audit
from scheduler.audit import Author
from scheduler.checks import check_reason, in_utc, utc
from scheduler.contracts.overrides import Patch, PatchRequest
from scheduler.database import next_revision
from scheduler.errors import Conflict, Invalid, NotFound
from scheduler.tables import columns, fields, patch

FARTHEST = timedelta(hours=36)
"""How far from its day's midnight (UTC) a market session may reach: zones, and evenings before."""

MOST_ROWS = 500


def check(request: PatchRequest) -> PatchRequest:
    """The request, if it makes sense. Raises Invalid with the code of the first rule it breaks."""
    check_reason(request.reason, "patch")
    opens, closes = in_utc(request.opens), in_utc(request.closes)
    for instant in (opens, closes):
        _check_day(instant, request.day)
    try:
        sessions = trading_sessions(request.calendar, request.day, request.day)
    except CalendarError as error:
        raise Invalid("patch_calendar_unknown", str(error)) from error
    if not len(sessions) and (opens is None or closes is None):
        raise Invalid(
            "patch_day_without_session",
            f"{request.calendar} has no market session on {request.day} to close or shorten; "
            "give both opens and closes to add one",
        )
    if opens is not None or closes is not None:
        _check_order(opens or from_ns(sessions.opens[0]), closes or from_ns(sessions.closes[0]))
    return msgspec.structs.replace(
        request, opens=opens, closes=closes, reason=request.reason.strip()
    )


async def set_patch(connection: AsyncConnection, request: PatchRequest, author: Author) -> Patch:
    """Store a checked request, with its audit row; `before` is the patch that held until now."""
    revision = await next_revision(connection)
    before = await _newest(connection, request.calendar, request.day)
    made = proposed(request, author, revision)
    await connection.execute(insert(patch).values(**columns(made)))
    await audit.append(connection, author, "patch_set", before=before, after=made)
    return made


async def withdraw_patch(connection: AsyncConnection, patch_id: str, author: Author) -> Patch:
    """Take it back: the day is the calendar's again. Raises NotFound and Conflict."""
    revision = await next_revision(connection)
    mine = (patch.c.id == patch_id) & (patch.c.organisation_id == author.organisation)
    found = (await connection.execute(select(patch).where(mine))).mappings().one_or_none()
    if found is None:
        raise NotFound("patch_not_found", f"there is no patch {patch_id}; list them first")
    before = _patch(found)
    if before.withdrawn_at is not None:
        raise Conflict("patch_already_withdrawn", f"patch {patch_id} is withdrawn already")
    change = {"withdrawn_at": author.market_now, "withdrawn_by": author.actor}
    await connection.execute(update(patch).where(mine).values(revision=revision, **change))
    after = msgspec.structs.replace(
        before, withdrawn_at=author.market_now, withdrawn_by=author.actor, revision=revision
    )
    await audit.append(connection, author, "patch_withdrawn", before=before, after=after)
    return after


async def listed(connection: AsyncConnection, organisation: str) -> list[Patch]:
    """The organisation's patches, newest first, withdrawn ones too."""
    rows = await connection.execute(
        select(patch)
        .where(patch.c.organisation_id == organisation)
        .order_by(patch.c.revision.desc())
        .limit(MOST_ROWS)
    )
    return [_patch(mapping) for mapping in rows.mappings()]


async def holding_from(connection: AsyncConnection, day: date) -> tuple[Patch, ...]:
    """All organisations' patches in force for `day` and later, oldest first."""
    rows = await connection.execute(
        select(patch)
        .where(patch.c.day >= day, patch.c.withdrawn_at.is_(None))
        .order_by(patch.c.revision)
    )
    return tuple(_patch(mapping) for mapping in rows.mappings())


def proposed(request: PatchRequest, author: Author, revision: int) -> Patch:
    """The patch that a checked request would become."""
    return Patch(
        id=str(uuid.uuid4()),
        organisation=author.organisation,
        calendar=request.calendar,
        day=request.day,
        opens=request.opens,
        closes=request.closes,
        reason=request.reason,
        owner=author.actor,
        created_at=author.market_now,
        revision=revision,
    )


async def _newest(connection: AsyncConnection, calendar: str, day: date) -> Patch | None:
    rows = await connection.execute(
        select(patch)
        .where(patch.c.calendar == calendar, patch.c.day == day, patch.c.withdrawn_at.is_(None))
        .order_by(patch.c.revision.desc())
        .limit(1)
    )
    mapping = rows.mappings().one_or_none()
    return None if mapping is None else _patch(mapping)


def _check_order(opens: datetime, closes: datetime) -> None:
    if closes <= opens:
        raise Invalid(
            "patch_closes_before_open",
            f"the market would close at {utc(closes)}, not after its opening at {utc(opens)}; "
            "give a later close, or neither to close the whole day",
        )


def _check_day(instant: datetime | None, day: date) -> None:
    midnight = datetime.combine(day, time(), UTC)
    if instant is not None and abs(instant - midnight) > FARTHEST:
        raise Invalid(
            "patch_other_day",
            f"{utc(instant)} does not belong to the market session of {day}; "
            "give instants of that day",
        )


def _patch(mapping: RowMapping) -> Patch:
    return Patch(**fields(mapping))
