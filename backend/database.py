"""The connection to Postgres, and the transaction: one request is one transaction, committed before
the answer leaves.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)

AfterCommit = Callable[[], Awaitable[None]]
Sessions = async_sessionmaker[AsyncSession]

_AFTER_COMMIT = "after_commit"


def open_engine(database_url: str, *, connections: int = 10) -> AsyncEngine:
    """An engine over psycopg.

    No server-side prepared statements, so that a pooler in transaction mode may stand between.
    """
    url = make_url(database_url).set(drivername="postgresql+psycopg")
    return create_async_engine(
        url,
        pool_size=connections,
        max_overflow=connections,
        pool_pre_ping=True,
        connect_args={"prepare_threshold": None, "connect_timeout": 5},
    )


@asynccontextmanager
async def transaction(sessions: Sessions) -> AsyncIterator[AsyncSession]:
    """One transaction: committed at the end of the block, rolled back when it raises.

    What was handed to `after_commit` runs after the commit, in order.
    """
    async with sessions() as session:
        async with session.begin():
            yield session
        for act in session.info.pop(_AFTER_COMMIT, []):
            await act()


def after_commit(session: AsyncSession, act: AfterCommit) -> None:
    """Run `act` once the session's transaction is committed; never if it is rolled back."""
    session.info.setdefault(_AFTER_COMMIT, []).append(act)
