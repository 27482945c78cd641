"""The learning agent: it learns a night, hands it over, and lets others learn."""

import contextlib
import os
import signal
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from redis.asyncio import Redis

from ai_pod.agents.learning.coordinator import LearningState
from ai_pod.agents.learning.ownership import Claim, Lives, Ownership, OwnershipLost
from ai_pod.agents.messages import Counted
from ai_pod.contracts import keys
from ai_pod.contracts.learning import (
    LearningProgressed,
    TrialFinished,
    VerdictReached,
)
from ai_pod.contracts.seats import PodSeats, RiskProfile, Seat
from market.calendars import from_ns
from market.words import Interval
from tests.support.build_learning import instruments, panel, policy_line, stored
from tests.support.pods_at_night import Night, until
from tests.support.slow_learner import HELD_AT

MOST_SECONDS = 20.0
"""For a stop that has 60 s, on a busy machine."""
NOISE = panel(500, 2, seed=1)


@pytest.fixture
async def ground(redis_url: str, tmp_path: Path) -> AsyncIterator[Night]:
    stored(str(tmp_path / "history"), NOISE)
    async with Redis.from_url(redis_url) as redis:
        yield Night(redis, redis_url, tmp_path)


async def test_a_night_from_lines_to_verdicts_though_the_agent_is_killed_in_it(
    ground: Night,
) -> None:
    await ground.lines(policy_line(2, name="a"), policy_line(2, name="b"), policy_line(9, name="c"))
    foreign = msgspec.structs.replace(policy_line(2, name="d"), pool="24/7")
    await ground.lines(foreign)
    seat = Seat(
        desk="desk-1",
        organisation="org-1",
        seat=0,
        lease_epoch=1,
        instruments=instruments(2),
        interval=Interval.QUARTER,
        policy_line="b",
        policy_version="rule:equal-weight@1",
        risk_profile=RiskProfile.BOLD,
    )
    seats = PodSeats(pod="pod-a", revision=1, seats=(seat,))
    await ground.redis.set(keys.seats("pod-a"), msgspec.json.encode(seats))
    ground.hold.touch()
    async with ground.process():
        await ground.reached(1)
    ground.hold.unlink()
    async with ground.agent():
        await until(lambda: ground.idles)
    verdicts = await ground.of(VerdictReached)
    # The line of the desk that sits here came first; the line without history was passed over.
    assert [verdict.policy_line for verdict in verdicts] == ["b", "a"]
    assert {verdict.verdict for verdict in verdicts} == {"champion_kept"}
    assert len({trial.id for trial in await ground.of(TrialFinished)}) == 4
    # The trial that it was killed in went on from its checkpoint: 14 were begun, one of them twice.
    assert sorted(entry["step"] for entry in ground.learner.diary("began"))[-2:] == [0, HELD_AT]
    assert len(ground.learner.diary("began")) == 15
    assert "c is not learned tonight: unknown instrument 'XNYS:S2'" in ground.said


async def test_the_owner_leaves_for_the_open_at_once_and_another_pod_goes_on(
    ground: Night,
) -> None:
    await ground.lines(policy_line(2, name="a"))
    ground.hold.touch()
    async with ground.agent() as owner:
        await ground.reached(1)
        async with ground.agent("pod-b", epoch=7):
            # Both pods work for the line that the first one owns.
            await ground.reached(2)
            began = time.monotonic()
            state = msgspec.json.decode(await owner.quiesce(60.0), type=LearningState)
            assert time.monotonic() - began < MOST_SECONDS
            assert (state.interrupted, state.done) == ("a", ())
            ground.hold.unlink()
            await until(lambda: ground.idles)
    assert len(await ground.of(VerdictReached)) == 1
    assert len(await ground.of(TrialFinished)) == 2
    assert await ground.of(LearningProgressed)
    # What was stopped went on from its checkpoint, and nothing was trained twice.
    ended = [entry["trial"] for entry in ground.learner.diary("ended")]
    assert len(ended) == len(set(ended)) == 7
    assert {entry["step"] for entry in ground.learner.diary("began")} == {0, HELD_AT}
    counted = [report.metric for report in ground.reports if isinstance(report, Counted)]
    assert counted.count("learning_trials_finished_total") == 7
    assert counted.count("learning_trials_moved_total") >= 1


async def test_only_the_owner_of_a_night_announces(ground: Night) -> None:
    event = LearningProgressed(
        organisation="org-1",
        policy_line="a",
        night="2012-01-10",
        seed=1,
        step=1,
        of_steps=2,
        metrics={},
        at=from_ns(int(NOISE.end[-1])),
    )
    mine = Ownership(ground.redis, "a", "2012-01-10", "pod-a:1")
    other = Ownership(ground.redis, "a", "2012-01-10", "pod-b:4")
    assert await mine.claim() is Claim.OURS
    assert await mine.claim() is Claim.OURS
    assert await other.claim() is Claim.TAKEN
    await mine.announce(event)
    with pytest.raises(OwnershipLost):
        await other.announce(event)
    await other.release()
    assert await other.claim() is Claim.TAKEN
    # The life runs out while nobody renews: another takes it, and the first is fenced.
    await ground.redis.delete(keys.learning_owner("a"))
    assert await other.claim() is Claim.OURS
    with pytest.raises(OwnershipLost):
        await mine.announce(event)
    await mine.finish()
    await other.finish()
    # Also when nobody owns the line any more: this night of it is done.
    assert await mine.claim() is Claim.DONE
    with pytest.raises(OwnershipLost):
        await mine.announce(event)
    assert len(await ground.of(LearningProgressed)) == 1
    life = await ground.redis.ttl(keys.learning_done("a", "2012-01-10"))
    assert life > 86_400
    # A line has one owner, whatever the night is called: another pod may have read it later.
    assert await Ownership(ground.redis, "a", "2012-01-11", "pod-a:1").claim() is Claim.OURS
    assert await Ownership(ground.redis, "a", "2012-01-12", "pod-b:4").claim() is Claim.TAKEN


async def test_a_pod_that_hangs_is_replaced_and_fenced_when_it_wakes(ground: Night) -> None:
    ground = replace(ground, lives=Lives(claim_seconds=4.0, meeting_seconds=3.0))
    await ground.lines(policy_line(2, name="a"))
    ground.hold.touch()
    async with contextlib.AsyncExitStack() as both:
        owner = await both.enter_async_context(ground.process("pod-a"))
        assert await ground.reached(1) == {owner.pid}
        # It owns the line and hosts the cluster's scheduler; now both pods are in a trial.
        heir = await both.enter_async_context(ground.agent("pod-b", epoch=7))
        assert await ground.reached(2) == {owner.pid, os.getpid()}
        os.kill(owner.pid, signal.SIGSTOP)
        ground.hold.unlink()
        await until(lambda: ground.idles == 1)
        os.kill(owner.pid, signal.SIGCONT)
        await until(lambda: ground.idles == 2)
        assert msgspec.json.decode(await heir.quiesce(20.0), type=LearningState).done == ("a",)
    assert len(await ground.of(VerdictReached)) == 1
    assert len({trial.id for trial in await ground.of(TrialFinished)}) == 2
    assert len(await ground.of(TrialFinished)) == 2
