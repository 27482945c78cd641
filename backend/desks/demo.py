"""The demo's people and desks. Calling it again changes nothing that is there."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from ai_pod.contracts.seats import RiskProfile
from backend.auth import passwords
from backend.auth.provision import create_organisation, create_user
from backend.database import open_engine, transaction
from backend.desks.provision import NewDesk, create_desk
from backend.models import Desk, Role, User
from market.words import Interval

ORGANISATION = "Demo desk"
OTHER_ORGANISATION = "Another organisation"
POOL = "XNYS"
TRADERS = 12

DESKS = (
    NewDesk(
        pool=POOL,
        instruments=("XNYS:AAPL", "XNYS:GOOG", "XNYS:IBM", "XNYS:MSFT"),
        champion="rule:momentum@1",
    ),
    NewDesk(
        pool=POOL,
        instruments=("XNYS:AAPL", "XNYS:MSFT"),
        risk_profile=RiskProfile.BOLD,
        champion="rule:sma-cross@1",
    ),
    NewDesk(
        pool=POOL,
        instruments=("XNYS:GOOG", "XNYS:IBM"),
        risk_profile=RiskProfile.CAUTIOUS,
        champion="rule:equal-weight@1",
    ),
)
"""Traders take these in turn."""

OTHERS_DESK = NewDesk(pool=POOL, instruments=("XNYS:FB",), automatic=False)


@dataclass(frozen=True)
class Login:
    """Somebody who can sign in; `desk` for traders."""

    login: str
    password: str
    role: Role
    organisation: str
    desk: str | None = None


async def provision_demo(
    database_url: str, password: str, interval: Interval = Interval.QUARTER
) -> list[Login]:
    """Twelve traders with automatic desks, an operator, a risk officer, a viewer; and one stranger
    in another organisation.
    """
    hashed = await passwords.hash_password(password)
    async with _session(database_url) as session:
        names = [f"trader{n}" for n in range(1, TRADERS + 1)]
        logins = await _add_traders(session, names, hashed, interval)
        owner = await create_organisation(session, ORGANISATION)
        users = [
            await create_user(session, owner.id, str(role), role, hashed)
            for role in (Role.OPERATOR, Role.RISK, Role.VIEWER)
        ]
        logins += [(user, None) for user in users]
        other = await create_organisation(session, OTHER_ORGANISATION)
        stranger = await create_user(session, other.id, "stranger", Role.TRADER, hashed)
        logins.append((stranger, await create_desk(session, stranger, OTHERS_DESK)))
        return _logins(logins, password, {owner.id: owner.name, other.id: other.name})


async def add_automatic_desks(
    database_url: str, count: int, password: str, *, prefix: str = "extra"
) -> list[Login]:
    """`count` more traders with automatic desks, named `PREFIX1`, `PREFIX2`, …"""
    hashed = await passwords.hash_password(password)
    async with _session(database_url) as session:
        added = await _add_traders(session, [f"{prefix}{n}" for n in range(1, count + 1)], hashed)
        owner = await create_organisation(session, ORGANISATION)
        return _logins(added, password, {owner.id: owner.name})


async def set_automatic(database_url: str, desks: Sequence[str], automatic: bool) -> None:
    """Switch automatic trading of these desks on or off."""
    async with _session(database_url) as session:
        await session.execute(update(Desk).where(Desk.id.in_(desks)).values(automatic=automatic))


async def _add_traders(
    session: AsyncSession,
    names: Sequence[str],
    hashed: str,
    interval: Interval = Interval.QUARTER,
) -> list[tuple[User, Desk | None]]:
    owner = await create_organisation(session, ORGANISATION)
    added: list[tuple[User, Desk | None]] = []
    for number, name in enumerate(names):
        user = await create_user(session, owner.id, name, Role.TRADER, hashed)
        new = replace(DESKS[number % len(DESKS)], interval=interval)
        added.append((user, await create_desk(session, user, new)))
    return added


def _logins(
    people: Sequence[tuple[User, Desk | None]], password: str, names: dict[str, str]
) -> list[Login]:
    return [
        Login(
            login=user.login,
            password=password,
            role=Role(user.role),
            organisation=names[user.organisation_id],
            desk=desk.id if desk else None,
        )
        for user, desk in people
    ]


@asynccontextmanager
async def _session(database_url: str) -> AsyncIterator[AsyncSession]:
    engine = open_engine(database_url)
    try:
        async with transaction(async_sessionmaker(engine, expire_on_commit=False)) as session:
            yield session
    finally:
        await engine.dispose()
