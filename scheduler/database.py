"""Postgres, as the scheduler uses it: bounded transactions, and the revision of the plan's inputs.

The revision is a locked row and no sequence: numbers of a sequence may become visible out of order,
and two replicas would then make different plans of one version.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import psycopg
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, ProgrammingError
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from market.postgres import CONNECT_ARGS, CONNECT_SECONDS, follow
from market.secret import Secret
from scheduler.errors import StoreAway
from scheduler.tables import revision

TRANSACTION_SECONDS = 5.0
_MISSING = (psycopg.errors.UndefinedTable, psycopg.errors.InvalidSchemaName)


class Database:
    """The engine of one service. `url` is `postgresql://…`."""

    def __init__(self, url: Secret | str, connections: int = 5) -> None:
        secret = url if isinstance(url, Secret) else Secret(url)
        self._engine = create_async_engine(
            psycopg_url(secret.text),
            pool_size=connections,
            max_overflow=0,
            pool_timeout=CONNECT_SECONDS,
            pool_pre_ping=True,
            connect_args=CONNECT_ARGS,
        )
        follow(self._engine.sync_engine, secret)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncConnection]:
        """One transaction, committed at its end. Raises StoreAway when Postgres does not answer."""
        try:
            async with asyncio.timeout(TRANSACTION_SECONDS), self._engine.begin() as connection:
                yield connection
        except ProgrammingError as error:
            if isinstance(error.orig, _MISSING):
                raise StoreAway(
                    "database_not_migrated",
                    "the schema `scheduler` is missing or old: run `python -m scheduler.migrate`",
                ) from error
            raise
        except (OperationalError, InterfaceError, NoConnection, OSError) as error:
            raise _away(error) from error
        except DBAPIError as error:
            if error.connection_invalidated:
                raise _away(error) from error
            raise

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[AsyncConnection]:
        """A transaction whose reads all see one state."""
        async with self.transaction() as connection:
            await connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            yield connection

    async def close(self) -> None:
        await self._engine.dispose()


def psycopg_url(url: str) -> str:
    """`postgresql://…` → SQLAlchemy's name of the driver we use."""
    return "postgresql+psycopg://" + url.partition("://")[2]


async def current_revision(connection: AsyncConnection) -> int:
    return int((await connection.execute(select(revision.c.value))).scalar_one())


async def hold_revision(connection: AsyncConnection) -> None:
    """Other changes wait until this transaction ends; the revision stays what it is."""
    await connection.execute(select(revision.c.value).with_for_update())


async def next_revision(connection: AsyncConnection) -> int:
    """Take the next revision; other changes wait until this transaction ends."""
    step = update(revision).values(value=revision.c.value + 1).returning(revision.c.value)
    return int((await connection.execute(step)).scalar_one())


async def raise_revision(connection: AsyncConnection, *, seen: int, to: int) -> bool:
    """Lift the revision to `to` if it is still `seen`; False when somebody was quicker."""
    lift = update(revision).where(revision.c.value == seen).values(value=to)
    return (await connection.execute(lift)).rowcount == 1


def _away(error: Exception) -> StoreAway:
    reason = str(error).splitlines()[0] if str(error) else type(error).__name__
    return StoreAway(
        "database_away",
        f"Postgres does not answer ({reason}); the published plan stays in force, try again",
    )
