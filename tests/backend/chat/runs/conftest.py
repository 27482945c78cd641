"""One back end for all tests of a module, and a trader of its own for each, over a real socket."""

import itertools
from collections.abc import AsyncIterator

import httpx
import pytest

from backend.models import Role
from tests.support.build_backend import Backend
from tests.support.chat_web import client_of
from tests.support.one_backend import backend, settings

__all__ = ["backend", "settings", "web"]

_numbers = itertools.count()


@pytest.fixture
async def web(backend: Backend) -> AsyncIterator[httpx.AsyncClient]:
    """A new trader's client."""
    login = f"ann{next(_numbers)}"
    await backend.user(login, Role.TRADER)
    async with client_of(backend, await backend.sign_in(login)) as client:
        yield client
