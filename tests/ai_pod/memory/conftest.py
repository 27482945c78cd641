"""One embedding model for the run, and a Redis of one's own."""

from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from ai_pod.memory.embeddings import Embedder


@pytest.fixture(scope="session")
def embedder() -> Embedder:
    return Embedder()


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    async with Redis.from_url(redis_url) as client:
        yield client
