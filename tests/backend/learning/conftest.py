"""A back end that hears the nights; its lines promote at once unless a test says otherwise."""

import pytest

from backend.settings import Settings
from tests.support.build_backend import Backend, migrated, settings_for
from tests.support.build_nights import clock, people


@pytest.fixture
async def settings(database_url: str, redis_url: str) -> Settings:
    others = {"clock": clock(), "shadow_sessions": 0, "promotion": "automatic"}
    return settings_for(await migrated(database_url), redis_url, **others)


@pytest.fixture
async def nights(backend: Backend) -> Backend:
    return await people(backend)
