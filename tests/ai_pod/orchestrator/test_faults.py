"""Agents, Redis and the plan fail while the pod works: it goes on, and loses or doubles nothing."""

import asyncio
import contextlib
import os
import signal
from pathlib import Path

import pytest

from ai_pod.contracts import keys
from ai_pod.contracts.agents import AgentName, AgentState
from ai_pod.contracts.plan import Phase, Plan
from ai_pod.errors import Superseded
from ai_pod.orchestrator import supervision
from ai_pod.orchestrator.orchestrator import Orchestrator
from tests.support.build_pod import (
    MINUTE,
    OPEN,
    POD,
    Stage,
    always,
    bars,
    holds,
    plan,
    running,
    seat,
    segment,
    until,
)
from tests.support.little_agent import instruct
from tests.support.stores import Running

DESKS = [f"desk-{number}" for number in range(10)]


@pytest.fixture
def one_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that is slow to begin is not replaced: starts can be counted."""
    monkeypatch.setattr(supervision, "START_SECONDS", 60.0)


async def _decided(stage: Stage, count: int) -> bool:
    return len(await stage.decided()) >= count


async def _full_house(stage: Stage) -> None:
    await stage.announce(always(Phase.TRADING))
    await stage.sit(*(seat(d, seat=n, resume_after=OPEN) for n, d in enumerate(DESKS)))
    await stage.close(bars(OPEN))


@pytest.mark.usefixtures("one_start")
async def test_a_killed_trading_agent_loses_and_doubles_nothing(stage: Stage) -> None:
    await _full_house(stage)
    async with running(stage.orchestrator()) as pod:
        await holds(pod, Phase.TRADING)
        trader = pod.agents[AgentName.TRADING]
        for minute in range(1, 31):
            await stage.close(bars(OPEN + minute * MINUTE, (100.0 + minute, 200.0)))
            if minute in (10, 20):
                await until(lambda m=minute: _decided(stage, 10 * (m - 2)))
                before = trader.view().pid
                os.kill(before, signal.SIGKILL)
                await until(lambda p=before: trader.view().pid not in (None, p))
        await until(lambda: _decided(stage, 300))
        # It decides before it says that it is active.
        await holds(pod, Phase.TRADING)
    expected = {(desk, OPEN + m * MINUTE) for desk in DESKS for m in range(1, 31)}
    decided = await stage.decided()
    assert len(decided) == len(expected)
    assert set(decided) == expected
    assert len(stage.events("agent_started")) == 3


async def test_redis_restarted_in_the_session(
    stage: Stage, stores: tuple[Running, Running]
) -> None:
    await _full_house(stage)
    async with running(stage.orchestrator()) as pod:
        await holds(pod, Phase.TRADING)
        for minute in range(1, 6):
            await stage.close(bars(OPEN + minute * MINUTE))
        await until(lambda: _decided(stage, 50))
        stores[1].kill()
        await asyncio.to_thread(stores[1].start)
        for minute in range(6, 11):
            await stage.close(bars(OPEN + minute * MINUTE))
        await until(lambda: _decided(stage, 100))
    expected = {(desk, OPEN + m * MINUTE) for desk in DESKS for m in range(1, 11)}
    assert sorted(await stage.decided()) == sorted(expected)


async def test_the_plan_is_followed_while_redis_is_away(
    stage: Stage, stores: tuple[Running, Running]
) -> None:
    """Its copy is the last that it heard; the close is told once the pod trades."""
    await stage.announce(always(Phase.LEARNING))
    async with running(stage.orchestrator()) as pod:
        await holds(pod, Phase.LEARNING)
        stores[1].kill()
        opening = pod.clock.now() + 2 * MINUTE
        learns = segment(Phase.LEARNING, OPEN - MINUTE, opening)
        trades = segment(Phase.TRADING, opening, opening + 9999 * MINUTE)
        await _heard(pod, plan(learns, trades, version=2))
        await holds(pod, Phase.TRADING)
        assert not pod.records.mirrored
        closing = pod.clock.now() + 2 * MINUTE
        trades = segment(Phase.TRADING, opening, closing)
        night = segment(Phase.LEARNING, closing, closing + 9999 * MINUTE)
        await _heard(pod, plan(learns, trades, night, version=3))
        await holds(pod, Phase.LEARNING)
        await asyncio.to_thread(stores[1].start)
        await until(lambda: pod.records.mirrored)
    assert b'"learning"' in await stage.redis.get(keys.phase(POD))
    assert [e["phase"] for e in stage.events("phase_committed")][:2] == ["learning", "trading"]


async def _heard(pod: Orchestrator, its: Plan) -> None:
    assert pod.plans.offer(its.encode())
    await pod.plan_changed()


async def test_an_agent_that_cannot_start_leaves_the_pod_paused(stage: Stage) -> None:
    """The market has closed: the pod must not go back to trading, and tries learning again."""
    await stage.announce(always(Phase.TRADING))
    instruct(stage.url, "learning", "warm", "fail")
    async with running(stage.orchestrator()) as pod:
        await holds(pod, Phase.TRADING)
        await stage.announce(always(Phase.LEARNING, version=2))
        await holds(pod, Phase.PAUSED)
        await until(lambda: not pod.agents[AgentName.TRADING].running)
        assert stage.events("switch_rolled_back")
        instruct(stage.url, "learning", "warm", "")
        await holds(pod, Phase.LEARNING)


async def test_rolled_back_to_the_agent_that_the_plan_wants_again(stage: Stage) -> None:
    """B hangs while it warms; the plan changes back, B dies, and A goes on under its epoch."""
    await stage.announce(always(Phase.TRADING))
    await stage.sit(seat(resume_after=OPEN))
    await stage.close(bars(OPEN))
    instruct(stage.url, "learning", "warm", "hang")
    async with running(stage.orchestrator()) as pod:
        await holds(pod, Phase.TRADING)
        epoch = pod.records.record.phase_epoch
        await stage.announce(always(Phase.LEARNING, version=2))
        trader, learner = pod.agents[AgentName.TRADING], pod.agents[AgentName.LEARNING]
        await until(lambda: trader.state is AgentState.STOPPING and learner.pids)
        (hanging,) = learner.pids
        await stage.announce(always(Phase.TRADING, version=3))
        await until(lambda: pod.plans.version == 3)
        with contextlib.suppress(ProcessLookupError):
            os.kill(hanging, signal.SIGKILL)
        await holds(pod, Phase.TRADING)
        assert pod.records.record.phase_epoch == epoch
        await stage.close(bars(OPEN + MINUTE))
        await until(lambda: _decided(stage, 1))
    assert [e["phase"] for e in stage.events("phase_committed")] == ["trading"]


async def test_an_agent_that_does_not_quiesce_is_ended(stage: Stage) -> None:
    await stage.announce(always(Phase.LEARNING))
    instruct(stage.url, "learning", "quiesce", "die")
    async with running(stage.orchestrator()) as pod:
        await holds(pod, Phase.LEARNING)
        await stage.announce(always(Phase.TRADING, version=2))
        await holds(pod, Phase.TRADING)
        assert not pod.agents[AgentName.LEARNING].running


async def test_an_agent_that_fails_to_begin_is_started_again(stage: Stage) -> None:
    instruct(stage.url, "learning", "activate", "die")
    await stage.announce(always(Phase.LEARNING))
    async with running(stage.orchestrator()) as pod:
        learner = pod.agents[AgentName.LEARNING]
        await until(lambda: len(stage.events("agent_ended")) >= 2)
        assert pod.records.record.phase is Phase.LEARNING
        instruct(stage.url, "learning", "activate", "")
        await holds(pod, Phase.LEARNING)
        assert learner.state is AgentState.ACTIVE


@pytest.mark.usefixtures("one_start")
async def test_a_start_that_takes_long_is_waited_for_and_not_begun_anew(stage: Stage) -> None:
    await stage.announce(always(Phase.LEARNING))
    async with running(stage.orchestrator(cold_seconds=0.1)) as pod:
        await holds(pod, Phase.LEARNING)
        learner = pod.agents[AgentName.LEARNING]
        os.kill(learner.pids[0], signal.SIGKILL)
        await until(lambda: learner.state is not AgentState.ACTIVE)
        await holds(pod, Phase.LEARNING)
        assert len(stage.events("agent_started")) == 2


async def test_learning_that_is_done_gives_its_memory_back(stage: Stage) -> None:
    instruct(stage.url, "learning", "work", "none")
    await stage.announce(always(Phase.LEARNING))
    async with running(stage.orchestrator()) as pod:
        await until(lambda: stage.events("agent_ended"))
        learner = pod.agents[AgentName.LEARNING]
        await until(lambda: learner.state is AgentState.DORMANT)
        assert pod.records.record.phase is Phase.LEARNING
        assert len(stage.events("agent_started")) == 1


async def test_a_pod_whose_name_is_taken_over_ends(stage: Stage, tmp_path: Path) -> None:
    await stage.announce(always(Phase.PAUSED))
    old = stage.orchestrator()
    work = asyncio.create_task(old.run())
    await until(lambda: old.recovered)
    record = b'{"pod":"pod-t","phase":"paused","phase_epoch":99,"committed_at":0}'
    await stage.redis.set(keys.phase(POD), record)
    old.heart.soon()
    with pytest.raises(BaseExceptionGroup) as failed:
        await asyncio.wait_for(work, 30)
    await old.end()
    assert failed.value.subgroup(Superseded)
