"""A pod's days: the phases follow the plan, and every bar of the trading hours is decided once."""

from datetime import timedelta

from ai_pod.contracts.plan import Phase
from tests.support.build_pod import (
    MINUTE,
    OPEN,
    Stage,
    bars,
    holds,
    plan,
    running,
    seat,
    segment,
    until,
)


async def test_bars_are_decided_once_across_switches(stage: Stage) -> None:
    close, reopen = OPEN + 7 * MINUTE, OPEN + 15 * MINUTE
    days = plan(
        segment(Phase.TRADING, OPEN - 9 * MINUTE, close),
        segment(Phase.LEARNING, close, reopen),
        segment(Phase.TRADING, reopen, reopen + timedelta(days=3)),
    )
    await stage.announce(days)
    since = OPEN - 10 * MINUTE
    await stage.sit(
        seat("a", resume_after=since), seat("b", seat=1, lease_epoch=7, resume_after=since)
    )
    await stage.close(bars(OPEN - 10 * MINUTE))
    async with running(stage.orchestrator()) as pod:
        await holds(pod, Phase.TRADING)
        for minute in (3, 4, 5, 6, 7):
            await stage.close(bars(OPEN + minute * MINUTE))
        await holds(pod, Phase.LEARNING)
        await until(lambda: [e for e in stage.events("agent_ended") if e["agent"] == "trading"])
        await stage.close(bars(OPEN + 8 * MINUTE))
        await holds(pod, Phase.TRADING)
        await stage.close(bars(OPEN + 16 * MINUTE))
        expected = {(d, OPEN + m * MINUTE) for d in "ab" for m in (3, 4, 5, 6, 7, 16)}
        await until(lambda: _decided(stage, len(expected)))
    assert sorted(await stage.decided()) == sorted(expected)
    assert {d.lease_epoch for d in await stage.decisions() if d.desk == "b"} == {7}
    switches = stage.events("switch_finished")
    assert [s["to_phase"] for s in switches] == ["trading", "learning", "trading"]
    assert max(s["late_seconds"] for s in switches) < 10


async def _decided(stage: Stage, count: int) -> bool:
    return len(await stage.decided()) >= count
