"""Random schedules of faults on the real local cluster: service returns, and the history is right.

`shiftdesk bench faults` plays more of them; a seed that fails here can be played there alone.
"""

from collections.abc import AsyncIterator, Callable

import pytest
import pytest_asyncio

from tests.support.faults.schedule import Fault, Kind, Victim
from tests.support.faults.session import FaultSessions

pytestmark = [pytest.mark.system, pytest.mark.timeout(300)]

Record = Callable[[str, object], None]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def sessions() -> AsyncIterator[FaultSessions]:
    opened = FaultSessions()
    yield opened
    await opened.close()


@pytest.mark.parametrize("seed", range(1, 11))
async def test_nothing_is_lost_doubled_or_stale(
    sessions: FaultSessions, seed: int, record_property: Record
) -> None:
    session = await sessions.current()
    result = await session.run(seed)
    record_property("recovered_s", result.recovered_s)
    assert result.violations == (), result.faults
    assert result.decisions > 0


async def test_a_pod_that_sleeps_beyond_its_lease_is_fenced(sessions: FaultSessions) -> None:
    """Its desks trade on another pod, and what it still has to say is refused."""
    session = await sessions.current()
    asleep = Fault(Kind.FREEZE, Victim.POD, at=0.0, seconds=13.0)
    result = await session.play(0, (asleep,))
    assert result.violations == ()
    assert result.moves > 0
