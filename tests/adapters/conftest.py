"""Back end settings on stores of the test's own."""

import pytest

from backend.settings import Settings
from tests.support.build_backend import migrated, settings_for


@pytest.fixture
async def settings(database_url: str, redis_url: str) -> Settings:
    return settings_for(await migrated(database_url), redis_url)
