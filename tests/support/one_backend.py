"""One back end for all tests of a module, which keep apart by an organisation of their own each."""

import itertools
from collections.abc import AsyncIterator

import pytest
import redis

from backend.models import Role, User
from backend.settings import Settings
from tests.support.build_backend import Backend, running_backend
from tests.support.on_stores import settings_on
from tests.support.stores import Running

People = dict[str, User]

_numbers = itertools.count()


@pytest.fixture(scope="module")
def settings(stores: tuple[Running, Running]) -> Settings:
    """Of a Redis without what modules before left there, pods among it."""
    settings = settings_on(stores)
    with redis.Redis.from_url(settings.redis_url) as client:
        client.flushall()
    return settings


@pytest.fixture(scope="module")
async def backend(settings: Settings) -> AsyncIterator[Backend]:
    async with running_backend(settings) as its:
        yield its


@pytest.fixture
async def people(backend: Backend) -> People:
    """ann and bob trade, otto operates; zoe trades in another organisation. All new."""
    number = next(_numbers)
    ours, theirs = f"Ours {number}", f"Theirs {number}"
    return {
        "ann": await backend.user(f"ann{number}", Role.TRADER, ours),
        "bob": await backend.user(f"bob{number}", Role.TRADER, ours),
        "otto": await backend.user(f"otto{number}", Role.OPERATOR, ours),
        "zoe": await backend.user(f"zoe{number}", Role.TRADER, theirs),
    }
