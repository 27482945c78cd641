"""Back end settings on stores of the test's own."""

import pytest

from backend.settings import Settings
from tests.support.on_stores import settings_on
from tests.support.stores import Running


@pytest.fixture
def settings(stores: tuple[Running, Running], redis_url: str) -> Settings:
    return settings_on(stores, redis_url=redis_url)
