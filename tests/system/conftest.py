"""One demo cluster for the tests of a shift; fault tests start their own, slower one."""

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.support.demo import Demo, demo


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def shift() -> AsyncIterator[Demo]:
    """The demo at 600×, some hours before a close."""
    async with demo("2012-10-15T14:30:00Z@600") as started:
        yield started
