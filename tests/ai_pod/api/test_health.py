"""A pod's probes, asked of one whose control loop nobody runs."""

from ai_pod.api.health import probes
from market.probes import STUCK_SECONDS
from tests.support.build_pod import Stage


async def test_a_control_loop_that_stands_still_is_dead_once_it_has_begun(stage: Stage) -> None:
    pod = stage.orchestrator()
    its = probes(pod)
    assert (await its.live()).status_code == 200
    pod.turned_at -= STUCK_SECONDS
    assert (await its.live()).status_code == 200, "it waits for Redis"
    pod.recovered = True
    assert (await its.live()).status_code == 503
    pod.turned_at += STUCK_SECONDS
    assert (await its.live()).status_code == 200
    await pod.end()
