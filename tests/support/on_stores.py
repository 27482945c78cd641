"""A back end's settings on the stores of the test run, with a database of its own: a copy of one
that was migrated once.
"""

import itertools
from functools import cache

import psycopg
from psycopg import sql

from backend.migrate import migrate
from backend.settings import Settings
from shiftdesk.local.stores import PostgresStore, RedisStore
from tests.support.stores import Running, fresh_database

_TEMPLATE = "migrated"
_numbers = itertools.count()


def settings_on(stores: tuple[Running, Running], **others: object) -> Settings:
    """`others` are settings beside the stores'."""
    postgres, redis = (running.store for running in stores)
    assert isinstance(postgres, PostgresStore)
    assert isinstance(redis, RedisStore)
    values = {"database_url": _copy(postgres), "redis_url": redis.url} | others
    return Settings.model_validate(values)


def _copy(postgres: PostgresStore) -> str:
    _make_template(postgres)
    name = f"copy_{next(_numbers)}"
    copy = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*map(sql.Identifier, (name, _TEMPLATE)))
    with psycopg.connect(postgres.url(database="postgres"), autocommit=True) as connection:
        connection.execute(copy)
    return postgres.url(database=name)


@cache
def _make_template(postgres: PostgresStore) -> None:
    migrate(fresh_database(postgres, _TEMPLATE))
