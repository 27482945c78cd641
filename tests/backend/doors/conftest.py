"""One back end for all tests of a module, over a real socket too; an owner of its own for each."""

from collections.abc import AsyncIterator

import pytest

from tests.support.build_backend import Backend
from tests.support.build_doors import Owner
from tests.support.chat_web import client_of
from tests.support.one_backend import backend, settings

__all__ = ["ann", "backend", "settings", "url"]


@pytest.fixture(scope="module")
async def url(backend: Backend) -> AsyncIterator[str]:
    """Where the back end is served."""
    async with client_of(backend, {}) as client:
        yield str(client.base_url).rstrip("/")


@pytest.fixture
async def ann(backend: Backend) -> Owner:
    return await Owner.enter(backend)
