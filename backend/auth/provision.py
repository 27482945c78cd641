"""Creating organisations and users: for the command line and the demo, not for the public API.

`python -m backend.auth.provision ORGANISATION LOGIN ROLE` asks for the password on stdin.
"""

import argparse
import asyncio
import sys

from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from backend.audit import service as audit
from backend.auth import passwords, repository
from backend.database import open_engine, transaction
from backend.models import Organisation, Role, User, new_id
from backend.settings import Settings
from market.secret import Secret


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

    Raises ValueError when the login belongs to another organisation.
    """
    login = login.strip().lower()
    found = await repository.user_by_login(session, login)
    if found is not None:
        if found.organisation_id != organisation:
            raise ValueError(f"the login {login!r} is taken")
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


async def provision(database: Secret, organisation: str, login: str, role: Role) -> str:
    """Make a user with the password that stands on stdin's first line; the user's id."""
    password_hash = await passwords.hash_password(sys.stdin.readline().rstrip("\n"))
    engine = open_engine(database)
    try:
        async with transaction(async_sessionmaker(engine)) as session:
            owner = await create_organisation(session, organisation)
            user = await create_user(session, owner.id, login, role, password_hash)
        return user.id
    finally:
        await engine.dispose()


def main() -> None:
    parser = argparse.ArgumentParser(description="Make a user; the password is read from stdin.")
    parser.add_argument("organisation")
    parser.add_argument("login")
    parser.add_argument("role", type=Role, choices=list(Role))
    given = parser.parse_args()
    user = asyncio.run(provision(Settings().database, given.organisation, given.login, given.role))
    sys.stdout.write(user + "\n")


if __name__ == "__main__":
    main()
