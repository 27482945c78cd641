"""What operators may do with accounts."""

from datetime import UTC, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from backend.audit import service as audit
from backend.auth.dependencies import Caller
from backend.errors import Conflict, NotFound
from backend.users import repository
from backend.users.repository import AccountRow
from backend.users.schemas import PersonView


def view(row: AccountRow) -> PersonView:
    user, desk = row
    return PersonView.model_validate(
        {
            "id": user.id,
            "login": user.login,
            "name": user.name,
            "role": user.role,
            "created_at": user.created_at,
            "disabled_at": user.disabled_at,
            "desk": desk,
        }
    )


async def set_disabled(
    session: AsyncSession, caller: Caller, user_id: str, *, disabled: bool
) -> PersonView:
    """Disable or enable an account; one that is so already stays as it is.

    A disabled account is refused from its next request on, and its sign-ins end. Its desk goes on:
    the kill switch stops a desk. Raises NotFound, Conflict for the caller's own account.
    """
    row = await repository.locked(session, caller.organisation, user_id)
    if row is None:
        raise NotFound("there is no such account", code="user_not_found")
    user, _desk = row
    if user.id == caller.id:
        raise Conflict(
            "this is your own account: ask another operator to disable it", code="own_account"
        )
    if disabled == (user.disabled_at is not None):
        return view(row)
    now = datetime.now(UTC)
    before, user.disabled_at = user.disabled_at, now if disabled else None
    if disabled:
        await repository.revoke_tokens(session, user.id, now)
    await audit.record(
        session,
        audit.Actor(caller.organisation, caller.login),
        "user_disabled" if disabled else "user_enabled",
        f"user:{user.id}",
        before={"disabled_at": before},
        after={"disabled_at": user.disabled_at},
    )
    return view(row)
