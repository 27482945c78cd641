"""How a pod leaves: not before it has read who sits there."""

import asyncio

from ai_pod.orchestrator.leaving import POLL_SECONDS, Leaving
from tests.support.build_pod import Stage, seat, until


async def test_a_desk_that_the_pod_has_not_read_of_is_waited_for(stage: Stage) -> None:
    """It was given just before the drain; nobody has told the pod yet."""
    pod = stage.orchestrator()
    ended = asyncio.Event()
    await stage.sit(seat())
    Leaving(pod, 60.0, ended.set).drain(60.0)
    await until(lambda: pod.seats.desks == ("desk-1",))
    await asyncio.sleep(3 * POLL_SECONDS)
    assert not ended.is_set()
    await stage.sit(revision=2)
    await asyncio.wait_for(ended.wait(), 30)
    await pod.end()
