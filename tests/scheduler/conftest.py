"""A migrated database, and the service in this process on real stores."""

from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from scheduler.database import Database
from scheduler.migrate import migrate


@pytest.fixture
def migrated_url(database_url: str) -> str:
    """A fresh database with the schema `scheduler`."""
    migrate(database_url)
    return database_url


@pytest.fixture
async def database(migrated_url: str) -> AsyncIterator[Database]:
    database = Database(migrated_url)
    yield database
    await database.close()


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    async with Redis.from_url(redis_url) as client:
        yield client
