"""A desk's API keys: made and shown once, kept as a hash, revoked; who enters with one."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from backend.audit import service as audit
from backend.auth.dependencies import Caller
from backend.auth.service import digest_of
from backend.database import transaction
from backend.desks import repository as desks
from backend.doors import pace, repository
from backend.doors.schemas import KeyState, KeyView, NewKey
from backend.errors import Conflict, Forbidden, NotFound, Unauthenticated
from backend.models import ApiKey, Desk, KeyScope, Role, User, new_id
from backend.state import State

MARK = "sdk_"
"""Begins every key, so that scanners for leaked secrets can know it."""

SHOWN = len(MARK) + 8
MOST_KEYS = 20

HOW_TO_GET_ONE = "make one with `shiftdesk keys make NAME`, or POST /api/v1/desk/keys"


@dataclass(frozen=True)
class Holder:
    """A program that has entered, and for whom: `caller` is who made the key."""

    key: str
    caller: Caller
    desk: Desk
    pace: pace.Pace


async def make(
    session: AsyncSession, caller: Caller, desk: Desk, wanted: NewKey
) -> tuple[ApiKey, str]:
    """A new key, and its text, which is kept nowhere. Raises Forbidden, Conflict."""
    if desk.user_id != caller.id:
        raise Forbidden("a key acts for the desk's owner, and only the owner makes one")
    await desks.lock(session, desk.id)
    if await repository.usable_keys(session, desk.id) >= MOST_KEYS:
        raise Conflict(
            f"a desk has {MOST_KEYS} keys at most; revoke one that is not needed",
            code="too_many_keys",
        )
    text = MARK + secrets.token_urlsafe(32)
    key = ApiKey(
        id=new_id("key"),
        organisation_id=desk.organisation_id,
        desk_id=desk.id,
        user_id=caller.id,
        name=wanted.name,
        prefix=text[:SHOWN],
        digest=digest_of(text),
        scopes=sorted({str(scope) for scope in wanted.scopes}),
        created_at=datetime.now(UTC),
        expires_at=datetime.now(UTC) + timedelta(days=wanted.expires_in_days),
    )
    session.add(key)
    await session.flush()
    await _record(session, caller, key, "api_key_made")
    return key, text


async def revoke(session: AsyncSession, caller: Caller, desk: Desk, key_id: str) -> ApiKey:
    """From its commit on the key opens nothing; again does no harm. Raises NotFound."""
    key = await repository.lock_key(session, desk.id, key_id)
    if key is None:
        raise NotFound(f"there is no key {key_id!r}", code="key_not_found")
    if key.revoked_at is None:
        key.revoked_at = datetime.now(UTC)
        await session.flush()
        await _record(session, caller, key, "api_key_revoked")
    return key


async def enter(state: State, text: str, scope: KeyScope | None) -> Holder:
    """Who holds the key, if it opens this `scope` (None: any will do), at the key's pace.

    Raises Unauthenticated, Forbidden, TooMany.
    """
    async with transaction(state.sessions) as session:
        found = await repository.by_digest(session, digest_of(text))
        if found is None:
            raise Unauthenticated(f"this is no key of a desk; {HOW_TO_GET_ONE}", code=_INVALID)
        key, user, desk = found
        _refuse_unless_usable(key, user)
        if scope is not None and scope not in key.scopes:
            raise Forbidden(
                f"the key {key.prefix}… has not the scope {scope!r} that this needs, "
                f"but {' and '.join(key.scopes)}; {HOW_TO_GET_ONE}",
                code="scope_missing",
            )
        await repository.note_use(session, key)
    now = await pace.count(state.redis, key.id, scope)
    caller = Caller(user.id, user.organisation_id, Role(user.role), user.name, user.login)
    return Holder(key.id, caller, desk, now)


_INVALID = "invalid_api_key"


def _refuse_unless_usable(key: ApiKey, user: User) -> None:
    if key.revoked_at is not None:
        raise Unauthenticated(f"the key {key.prefix}… was revoked; {HOW_TO_GET_ONE}", code=_INVALID)
    if key.expires_at <= datetime.now(UTC):
        said = f"the key {key.prefix}… expired on {key.expires_at:%Y-%m-%d}; {HOW_TO_GET_ONE}"
        raise Unauthenticated(said, code="api_key_expired")
    if user.disabled_at is not None:
        raise Unauthenticated("the account behind the key is disabled", code="account_disabled")


def state_of(key: ApiKey) -> KeyState:
    if key.revoked_at is not None:
        return "revoked"
    return "active" if key.expires_at > datetime.now(UTC) else "expired"


def view(key: ApiKey) -> KeyView:
    return KeyView(
        id=key.id,
        name=key.name,
        prefix=key.prefix,
        scopes=[KeyScope(scope) for scope in key.scopes],
        state=state_of(key),
        created_at=key.created_at,
        expires_at=key.expires_at,
        last_used_at=key.last_used_at,
        revoked_at=key.revoked_at,
    )


async def _record(session: AsyncSession, caller: Caller, key: ApiKey, action: str) -> None:
    after = {
        "desk": key.desk_id,
        "name": key.name,
        "prefix": key.prefix,
        "scopes": key.scopes,
        "expires_at": key.expires_at.isoformat(),
    }
    actor = audit.Actor(caller.organisation, caller.login)
    await audit.record(session, actor, action, f"api_key:{key.id}", after=after)
