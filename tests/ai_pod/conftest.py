"""Fixtures of the pod's tests."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from tests.support.build_pod import Stage


@pytest.fixture
async def stage(redis_url: str, tmp_path: Path) -> AsyncIterator[Stage]:
    """An emptied Redis, a clock that begins at the open, and folders of this test's own."""
    # Tests restart Redis: a connection of before is replaced rather than told of.
    async with Redis.from_url(redis_url, retry=Retry(NoBackoff(), 10)) as redis:
        yield Stage(redis, redis_url, tmp_path)
