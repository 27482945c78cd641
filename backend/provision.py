"""People and their desks, made by who runs an installation: there is no public API for it.

`python -m backend.provision ORGANISATION LOGIN ROLE` with the services' own settings; a trader gets
a desk with it. The password is asked for, or stands on stdin's first line. What is there stays.
"""

import argparse
import asyncio
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from getpass import getpass

from redis.asyncio import Redis
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from ai_pod.contracts import keys
from ai_pod.contracts.seats import RiskProfile
from backend import quotes
from backend.auth import passwords
from backend.auth import repository as accounts
from backend.auth.provision import create_organisation, create_user
from backend.database import open_engine, transaction
from backend.desks import repository as desks
from backend.desks.provision import NewDesk, create_desk
from backend.desks.service import check_served
from backend.errors import STORE_AWAY, Conflict, DomainError, Invalid
from backend.models import Role, User
from backend.settings import Settings
from market.stores import open_redis
from market.words import Interval

REDIS_SECONDS = 5.0


@dataclass(frozen=True)
class Person:
    """Who is to be there, with a desk or without."""

    organisation: str
    login: str
    role: Role
    password: str
    desk: NewDesk | None = None


async def provision(settings: Settings, person: Person) -> list[str]:
    """Make the person, and their desk; sentences that say what was made and what was there.

    Raises Conflict for a login of another role or organisation, Invalid for a pool without a plan
    and for instruments that the market does not serve, Unavailable while it serves none.
    """
    if person.desk is not None:
        async with open_redis(settings.redis, seconds=REDIS_SECONDS) as redis:
            await _check(redis, person.desk)
    password_hash = await passwords.hash_password(person.password)
    engine = open_engine(settings.database)
    try:
        async with transaction(async_sessionmaker(engine)) as session:
            return await _make(session, person, password_hash)
    finally:
        await engine.dispose()


async def _check(redis: Redis, desk: NewDesk) -> None:
    names = await redis.smembers(keys.pools())
    planned = sorted(name.decode() for name in names if isinstance(name, bytes))
    if desk.pool not in planned:
        there = ", ".join(planned) or "none"
        raise Invalid(f"the scheduler plans no pool {desk.pool!r}; pools with a plan: {there}")
    check_served(desk.instruments, await quotes.instruments(redis))


async def _make(session: AsyncSession, person: Person, password_hash: str) -> list[str]:
    owner = await create_organisation(session, person.organisation)
    known = await accounts.user_by_login(session, person.login.strip())
    user = await create_user(session, owner.id, person.login, person.role, password_hash)
    if user.role != person.role:
        raise Conflict(f"{user.login} is there, as {user.role}; a role is not changed here")
    told = "was there; the password stays as it was" if known else "made"
    said = [f"user {user.login} ({user.role}) {told}: {user.id}"]
    return said if person.desk is None else [*said, await _desk(session, user, person.desk)]


async def _desk(session: AsyncSession, user: User, wanted: NewDesk) -> str:
    known = await desks.desk_of_user(session, user.id)
    desk = await create_desk(session, user, wanted)
    told = "was there and stays as it was" if known else "made"
    return f"desk {desk.id} {told}: {', '.join(desk.instruments)} in {desk.pool}"


def main(arguments: Sequence[str] | None = None) -> None:
    """Exit status 1 with a sentence where it is refused or a store is away, 2 for wrong usage."""
    settings, parser = Settings(), _parser()
    given = parser.parse_args(arguments)
    trades = given.role is Role.TRADER
    if trades is not bool(given.instruments):
        parser.error("a trader needs --instruments, and nobody else has a desk")
    person = Person(
        given.organisation, given.login, given.role, _password(), _wish(given) if trades else None
    )
    if not person.password:
        parser.error("the password is empty")
    try:
        said = asyncio.run(provision(settings, person))
    except DomainError as error:
        sys.exit(error.detail)
    except STORE_AWAY as error:
        sys.exit(f"a store does not answer: {error}")
    sys.stdout.write("\n".join(said) + "\n")


def _wish(given: argparse.Namespace) -> NewDesk:
    return NewDesk(
        pool=given.pool or Settings().pool,
        instruments=sorted(set(given.instruments)),
        interval=given.interval,
        risk_profile=given.profile,
        starting_cash=given.cash,
        automatic=not given.by_hand,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m backend.provision",
        description="Make a user, and a trader's desk. The password is asked for, or read from "
        "stdin. Desks trade on paper until a person brings them live.",
    )
    parser.add_argument("organisation", help="made if there is none of this name")
    parser.add_argument("login")
    parser.add_argument("role", type=Role, choices=list(Role))
    desk = parser.add_argument_group("the desk of a trader")
    desk.add_argument("--instruments", nargs="+", metavar="VENUE:SYMBOL", help="those it trades")
    desk.add_argument("--pool", help="whose plan it follows; default: SHIFTDESK_POOL")
    desk.add_argument("--interval", type=Interval, choices=list(Interval), default=NewDesk.interval)
    desk.add_argument(
        "--profile", type=RiskProfile, choices=list(RiskProfile), default=NewDesk.risk_profile
    )
    desk.add_argument("--cash", type=_money, default=NewDesk.starting_cash, help="to start with")
    desk.add_argument("--by-hand", action="store_true", help="it does not trade by itself")
    return parser


def _money(text: str) -> Decimal:
    try:
        amount = Decimal(text)
    except InvalidOperation as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no amount") from error
    if not amount.is_finite() or amount <= 0:
        raise argparse.ArgumentTypeError(f"{text} is no amount to start with")
    return amount


def _password() -> str:
    if sys.stdin.isatty():
        return getpass()
    return sys.stdin.readline().rstrip("\r\n")


if __name__ == "__main__":
    main()
