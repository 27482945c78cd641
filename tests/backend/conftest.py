"""A migrated database and a running back end for each test."""

from collections.abc import AsyncIterator

import pytest
import structlog

from backend.settings import Settings
from tests.support.build_backend import Backend, migrated, running_backend, settings_for


@pytest.fixture(autouse=True, scope="session")
def plain_logs() -> None:
    """Tracebacks with every local variable take seconds, which loops' tests do not have."""
    plain = structlog.dev.ConsoleRenderer(
        colors=False, exception_formatter=structlog.dev.plain_traceback
    )
    structlog.configure(processors=[structlog.processors.add_log_level, plain])


@pytest.fixture
async def settings(database_url: str, redis_url: str) -> Settings:
    return settings_for(await migrated(database_url), redis_url)


@pytest.fixture
async def backend(settings: Settings) -> AsyncIterator[Backend]:
    async with running_backend(settings) as its:
        yield its
