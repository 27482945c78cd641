"""A migrated database and a running back end for each test."""

from collections.abc import AsyncIterator

import pytest

from backend.settings import Settings
from tests.support.build_backend import Backend, migrated, running_backend, settings_for


@pytest.fixture
async def settings(database_url: str, redis_url: str) -> Settings:
    return settings_for(await migrated(database_url), redis_url)


@pytest.fixture
async def backend(settings: Settings) -> AsyncIterator[Backend]:
    async with running_backend(settings) as its:
        yield its
