"""A migrated database, emptied per test, and a Redis client."""

from collections.abc import AsyncIterator

import psycopg
import pytest
from redis.asyncio import Redis

from scheduler.database import Database
from scheduler.migrate import migrate
from shiftdesk.local.stores import PostgresStore
from tests.support.stores import Running, fresh_database

# The audit's trigger refuses TRUNCATE; a superuser may pass by it.
_EMPTY = """
SET session_replication_role = replica;
TRUNCATE scheduler.override_, scheduler.patch, scheduler.audit;
UPDATE scheduler.revision SET value = 1;
"""


@pytest.fixture(scope="session")
def schema_url(stores: tuple[Running, Running]) -> str:
    """The database of these tests, with the schema `scheduler`."""
    store = stores[0].store
    assert isinstance(store, PostgresStore)
    url = fresh_database(store)
    migrate(url)
    return url


@pytest.fixture
def migrated_url(schema_url: str) -> str:
    """A database with the schema `scheduler` and nothing in it."""
    with psycopg.connect(schema_url, autocommit=True) as connection:
        connection.execute(_EMPTY)
    return schema_url


@pytest.fixture
async def database(migrated_url: str) -> AsyncIterator[Database]:
    database = Database(migrated_url)
    yield database
    await database.close()


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    async with Redis.from_url(redis_url) as client:
        yield client
