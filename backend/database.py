"""The connection to Postgres, and the transaction: one request is one transaction, committed before
the answer leaves.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from typing import Any

import structlog
from sqlalchemy import Executable, Row
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)

from backend.errors import STORE_AWAY
from market.postgres import CONNECT_ARGS, DRIVER, follow
from market.secret import Secret

POOL_SECONDS = 10.0
"""How long a request waits for a connection; then it is told to try again."""

AfterCommit = Callable[[], Awaitable[None]]
Sessions = async_sessionmaker[AsyncSession]

_AFTER_COMMIT = "after_commit"

logger = structlog.get_logger()


def open_engine(database: Secret | str, *, connections: int = 10) -> AsyncEngine:
    """An engine over psycopg. A pooler in transaction mode may stand between."""
    secret = database if isinstance(database, Secret) else Secret(database)
    engine = create_async_engine(
        make_url(secret.text).set(drivername=DRIVER),
        pool_size=connections,
        max_overflow=connections,
        pool_timeout=POOL_SECONDS,
        pool_pre_ping=True,
        connect_args=CONNECT_ARGS,
    )
    follow(engine.sync_engine, secret)
    return engine


@asynccontextmanager
async def transaction(sessions: Sessions) -> AsyncIterator[AsyncSession]:
    """One transaction: committed at the end of the block, rolled back when it raises.

    What was handed to `after_commit` runs after the commit, in order. Where it finds a store away
    that is logged: what is committed stands, so nobody is told that it failed.
    """
    async with sessions() as session:
        async with session.begin():
            yield session
        for act in session.info.pop(_AFTER_COMMIT, []):
            try:
                await act()
            except STORE_AWAY as error:
                logger.warning("not_told_after_commit", error=repr(error))


def array_literal(values: Iterable[str]) -> str:
    """The values as the literal of an array: a long one is written once, not with every use."""
    quoted = (value.replace("\\", r"\\").replace('"', r"\"") for value in values)
    return "{" + ",".join(f'"{value}"' for value in quoted) + "}"


async def at_once(
    engine: AsyncEngine, statement: Executable, values: Mapping[str, object]
) -> Row[*tuple[Any, ...]]:
    """The one row of a statement that is a transaction by itself: one exchange with the server."""
    async with engine.connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        return (await connection.execute(statement, values)).one()


def after_commit(session: AsyncSession, act: AfterCommit) -> None:
    """Run `act` once the session's transaction is committed; never if it is rolled back. It must
    not matter for long if a store is away then: a loop, or an end of life, makes it good.
    """
    session.info.setdefault(_AFTER_COMMIT, []).append(act)
