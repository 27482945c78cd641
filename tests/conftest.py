"""Fixtures for all tests: real stores, started once a run."""

from collections.abc import Iterator

import hypothesis
import pytest
import redis

from shiftdesk.local.stores import PostgresStore, RedisStore
from shiftdesk.output import log_plainly
from tests.support.stores import Running, fresh_database, running_stores

# Examples are judged by what they find, not by how long a busy machine took over one of them.
hypothesis.settings.register_profile(
    "busy machine",
    deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
    print_blob=True,
)
hypothesis.settings.load_profile("busy machine")


@pytest.fixture(autouse=True, scope="session")
def plain_logs() -> None:
    """In tests as on the command line."""
    log_plainly()


@pytest.fixture(scope="session")
def stores() -> Iterator[tuple[Running, Running]]:
    """(Postgres, Redis) of this test run."""
    with running_stores() as both:
        yield both


@pytest.fixture
def database_url(stores: tuple[Running, Running]) -> str:
    """The superuser's URL of an empty database of this test's own."""
    store = stores[0].store
    assert isinstance(store, PostgresStore)
    return fresh_database(store)


@pytest.fixture
def redis_url(stores: tuple[Running, Running]) -> str:
    """A Redis with search and JSON, emptied."""
    store = stores[1].store
    assert isinstance(store, RedisStore)
    with redis.Redis.from_url(store.url) as client:
        client.flushall()
    return store.url
