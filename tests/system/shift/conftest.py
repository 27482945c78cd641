"""One demo cluster for all tests of this folder, which go through its days in order."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.support.demo import Demo, demo
from tests.support.people import Live
from tests.support.terminal import Terminal


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def shift() -> AsyncIterator[Demo]:
    """The demo at 600×, some hours before a close."""
    async with demo("2012-10-15T14:30:00Z@600") as started:
        yield started


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def witness(shift: Demo) -> AsyncIterator[Live]:
    """A trader's live socket that is open from the first day on, whatever is tried beside it."""
    async with shift.person("trader1") as trader, trader.live() as live:
        await live.send(op="subscribe", instruments=["XNYS:AAPL"], intervals=["15m"])
        yield live


@pytest.fixture
def terminal(shift: Demo, tmp_path: Path) -> Terminal:
    (tmp_path / ".shiftdesk").symlink_to(shift.cluster.state.root)
    return Terminal(tmp_path)
