"""A pod's days: the phases follow the plan, and every bar of the trading hours is decided once."""

from datetime import datetime, timedelta

from ai_pod.contracts.plan import Phase
from ai_pod.orchestrator.orchestrator import Orchestrator
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
from tests.support.history.holding import NEITHER_SECONDS

LONG = timedelta(days=3)


async def test_bars_are_decided_once_across_switches(stage: Stage) -> None:
    """Each boundary is announced when the phase before it is held, and lies a little ahead."""
    opened = OPEN - 9 * MINUTE
    await stage.announce(plan(segment(Phase.TRADING, opened, OPEN + LONG)))
    since = OPEN - 10 * MINUTE
    await stage.sit(
        seat("a", resume_after=since), seat("b", seat=1, lease_epoch=7, resume_after=since)
    )
    await stage.close(bars(OPEN - 10 * MINUTE))
    async with running(stage.orchestrator()) as pod:
        await holds(pod, Phase.TRADING)
        close = _ahead(pod)
        day = segment(Phase.TRADING, opened, close)
        await stage.announce(plan(day, segment(Phase.LEARNING, close, close + LONG), version=2))
        ends = [close - minute * MINUTE for minute in (4, 3, 2, 1, 0)]
        for end in ends:
            await stage.close(bars(end))
        await holds(pod, Phase.LEARNING)
        await until(lambda: [e for e in stage.events("agent_ended") if e["agent"] == "trading"])
        await stage.close(bars(close + MINUTE))
        reopen = _ahead(pod)
        night = segment(Phase.LEARNING, close, reopen)
        later = segment(Phase.TRADING, reopen, reopen + LONG)
        await stage.announce(plan(day, night, later, version=3))
        await holds(pod, Phase.TRADING)
        await stage.close(bars(reopen + MINUTE))
        expected = {(desk, end) for desk in "ab" for end in (*ends, reopen + MINUTE)}
        await until(lambda: _decided(stage, len(expected)))
    assert sorted(await stage.decided()) == sorted(expected)
    assert {d.lease_epoch for d in await stage.decisions() if d.desk == "b"} == {7}
    switches = stage.events("switch_finished")
    assert [s["to_phase"] for s in switches] == ["trading", "learning", "trading"]
    assert max(s["late_seconds"] for s in switches) < NEITHER_SECONDS


def _ahead(pod: Orchestrator) -> datetime:
    """A whole minute, three to four from now: as many real seconds."""
    return pod.clock.now().replace(second=0, microsecond=0) + 4 * MINUTE


async def _decided(stage: Stage, count: int) -> bool:
    return len(await stage.decided()) >= count
