"""A back end that hears the nights; its lines promote at once unless a test says otherwise."""

import pytest

from backend.settings import Settings
from tests.support.build_backend import Backend
from tests.support.build_nights import clock, people
from tests.support.on_stores import settings_on
from tests.support.stores import Running


@pytest.fixture
def settings(stores: tuple[Running, Running], redis_url: str) -> Settings:
    others = {"clock": clock(), "shadow_sessions": 0, "promotion": "automatic"}
    return settings_on(stores, redis_url=redis_url, **others)


@pytest.fixture
async def nights(backend: Backend) -> Backend:
    return await people(backend)
