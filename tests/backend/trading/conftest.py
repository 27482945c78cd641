"""Desks that trade, on stores of their own."""

from collections.abc import AsyncIterator

import pytest

from backend.settings import Settings
from tests.support.build_trading import Desks, trading_desks


@pytest.fixture
async def desks(settings: Settings) -> AsyncIterator[Desks]:
    async with trading_desks(settings) as its:
        yield its
