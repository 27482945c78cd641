"""Creating organisations and users: for `backend.provision` and the demo, no public API."""

from sqlalchemy.ext.asyncio import AsyncSession

from backend.audit import service as audit
from backend.auth import repository
from backend.errors import Conflict
from backend.models import Organisation, Role, User, new_id


async def create_organisation(session: AsyncSession, name: str) -> Organisation:
    """The organisation of this name, made if there is none."""
    found = await repository.organisation_by_name(session, name)
    if found is not None:
        return found
    organisation = Organisation(id=new_id("org"), name=name)
    session.add(organisation)
    await session.flush()
    return organisation


async def create_user(
    session: AsyncSession, organisation: str, login: str, role: Role, password_hash: str
) -> User:
    """The user of this login, made if there is none; the role and password of one that exists stay.

    Raises Conflict when the login belongs to another organisation.
    """
    login = login.strip().lower()
    found = await repository.user_by_login(session, login)
    if found is not None:
        if found.organisation_id != organisation:
            raise Conflict(f"the login {login!r} belongs to another organisation")
        return found
    user = User(
        id=new_id("user"),
        organisation_id=organisation,
        login=login,
        name=login.capitalize(),
        role=role,
        password_hash=password_hash,
    )
    session.add(user)
    await session.flush()
    actor = audit.Actor(organisation, "provision")
    after = {"login": login, "role": str(role)}
    await audit.record(session, actor, "user_created", f"user:{user.id}", after=after)
    return user
