"""One demo cluster for all tests of this folder, which go through its days in order."""

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.support.demo import Demo, demo


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def shift() -> AsyncIterator[Demo]:
    """The demo at 600×, some hours before a close."""
    async with demo("2012-10-15T14:30:00Z@600") as started:
        yield started
