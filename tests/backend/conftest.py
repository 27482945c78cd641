"""A migrated database and a running back end for each test."""

from collections.abc import AsyncIterator

import pytest

from backend.settings import Settings
from tests.support.build_backend import Backend, running_backend
from tests.support.on_stores import settings_on
from tests.support.stores import Running


@pytest.fixture
def settings(stores: tuple[Running, Running], redis_url: str) -> Settings:
    return settings_on(stores, redis_url=redis_url)


@pytest.fixture
async def backend(settings: Settings) -> AsyncIterator[Backend]:
    async with running_backend(settings) as its:
        yield its
