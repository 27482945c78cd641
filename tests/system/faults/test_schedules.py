"""Random schedules of faults on the real local cluster: service returns, and the history is right.

`shiftdesk bench faults` plays more of them; a seed that fails here can be played there alone.
"""

import time
from collections import Counter
from collections.abc import AsyncIterator, Callable

import pytest
import pytest_asyncio

from tests.support import history
from tests.support.faults.schedule import Fault, Kind, Victim
from tests.support.faults.session import FaultSessions

pytestmark = [pytest.mark.system, pytest.mark.timeout(300)]

Record = Callable[[str, object], None]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def sessions() -> AsyncIterator[FaultSessions]:
    opened = FaultSessions()
    yield opened
    await opened.close()


async def test_a_pod_that_sleeps_beyond_its_lease_is_fenced(sessions: FaultSessions) -> None:
    """Its desks trade on another pod, and what it still has to say when it wakes is refused: its
    agents wake before they can be told that their desks are gone.

    The first, since it waits for a phase to begin: there the market session is long enough for it.
    """
    session = await sessions.current()
    await session.wait_until_trading_begins()
    began = time.time()
    pick = _fullest(session.told())
    asleep = Fault(Kind.FREEZE, Victim.POD, at=0.0, pick=pick, seconds=14.0, orchestrator_later=1.0)
    result = await session.play(0, (asleep,))
    assert result.violations == ()
    events = [event for event in session.told() if float(event["at"]) >= began]
    pod = next(history.of(events, "fault_injected"))["victim"]
    lost = {e["desk"]: int(e["lease_epoch"]) for e in _of_pod(events, pod, "desk_unseated")}
    seated = list(history.of(events, "desk_seated"))
    assert lost
    assert {e["desk"] for e in seated if e["pod"] != pod} & lost.keys()
    refused = [e for e in _of_pod(events, pod, "decision_refused") if e["why"] == "fenced"]
    fenced = [e for e in history.of(events, "decision_executed") if e["outcome"] == "fenced"]
    late = [e for e in fenced if int(e["lease_epoch"]) == lost.get(e["desk"])]
    assert [e for e in refused if e["desk"] in lost] + late


@pytest.mark.parametrize("seed", range(1, 11))
async def test_nothing_is_lost_doubled_or_stale(
    sessions: FaultSessions, seed: int, record_property: Record
) -> None:
    session = await sessions.current()
    result = await session.run(seed)
    record_property("recovered_s", result.recovered_s)
    assert result.violations == (), result.faults
    assert result.decisions > 0


def _fullest(events: list[history.Event]) -> float:
    """The pod with the most desks, as a fault picks it: the others have room for some of them."""
    seats = Counter({e["desk"]: e["pod"] for e in history.of(events, "desk_seated")}.values())
    pods = sorted(seats)
    return (pods.index(max(pods, key=lambda pod: seats[pod])) + 0.5) / len(pods)


def _of_pod(events: list[history.Event], pod: str, name: str) -> list[history.Event]:
    return [event for event in history.of(events, name) if event["pod"] == pod]
