"""The learning agent as a real process: it learns a night, hands it over, and lets others learn."""

import asyncio
import contextlib
import sys
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import psutil
import pytest
from redis.asyncio import Redis

from ai_pod.agents.learning.coordinator import LearningState
from ai_pod.agents.learning.ownership import Claim, Ownership, OwnershipLost
from ai_pod.agents.messages import (
    Activate,
    Active,
    AgentContext,
    Counted,
    Idle,
    Progressed,
    Quiesce,
    Quiesced,
    Ready,
    Report,
    Warm,
)
from ai_pod.contracts import keys
from ai_pod.contracts.agents import AgentName
from ai_pod.contracts.learning import (
    LearningEvent,
    LearningProgressed,
    PolicyLine,
    TrialFinished,
    VerdictReached,
)
from ai_pod.contracts.seats import PodSeats, RiskProfile, Seat
from ai_pod.orchestrator.processes import AgentProcess
from market.calendars import from_ns
from market.words import Interval
from tests.support.build_learning import instruments, panel, policy_line, stored
from tests.support.slow_learner import HELD_AT, SlowLearner

PATIENCE = 120.0
MOST_SECONDS = 5.0
"""For a stop that has 20 s, on a busy machine."""
LITTLE = (sys.executable, "-m", "tests.support.little_learning")
NOISE = panel(500, 2, seed=1)


@dataclass
class Ground:
    """A Redis, a history and an artifact store that pods share."""

    redis: Redis
    url: str
    root: Path
    reports: list[Report] = field(default_factory=list)

    async def lines(self, *lines: PolicyLine) -> None:
        for line in lines:
            await self.redis.hset(keys.learning_lines(), line.id, msgspec.json.encode(line))

    async def events(self) -> list[LearningEvent]:
        entries = await self.redis.xrange(keys.learning())
        data = [fields[keys.FIELD.encode()] for _, fields in entries]
        return [msgspec.json.decode(one, type=LearningEvent) for one in data]

    async def of(self, kind: type[LearningEvent]) -> list[LearningEvent]:
        return [event for event in await self.events() if isinstance(event, kind)]

    @contextlib.asynccontextmanager
    async def agent(self, pod: str = "pod-a", epoch: int = 1) -> AsyncIterator[AgentProcess]:
        """A warm and active learning agent in a process of its own."""
        context = AgentContext(
            pod=pod,
            pool="XNYS",
            redis_url=self.url,
            vectors_url=self.url,
            artifacts=str(self.root / "artifacts"),
            history=str(self.root / "history"),
            state=str(self.root / "state"),
            clock="2012-03-01T00:00:00Z=2026-01-01T00:00:00Z@1",
        )
        command = (*LITTLE, str(self.root))
        process = await AgentProcess.start(AgentName.LEARNING, command, self.reports.append)
        # Tests wait for it, so it need not give way.
        with contextlib.suppress(psutil.AccessDenied):
            psutil.Process(process.pid).nice(0)
        try:
            await process.ask(Warm(context=context), Ready, PATIENCE)
            await process.ask(Activate(phase_epoch=epoch), Active, PATIENCE)
            yield process
        finally:
            await process.kill()

    @property
    def learner(self) -> SlowLearner:
        return SlowLearner(self.root)

    @property
    def hold(self) -> Path:
        return self.root / "hold"

    def idle(self) -> bool:
        return any(isinstance(report, Idle) for report in self.reports)


@pytest.fixture
async def ground(redis_url: str, tmp_path: Path) -> AsyncIterator[Ground]:
    stored(str(tmp_path / "history"), NOISE)
    async with Redis.from_url(redis_url) as redis:
        yield Ground(redis, redis_url, tmp_path)


async def until(condition: Callable[[], object]) -> None:
    """Wait, with a bound, until the condition (plain or awaitable) holds."""
    async with asyncio.timeout(PATIENCE):
        while True:
            found = condition()
            if await found if asyncio.iscoroutine(found) else found:
                return
            await asyncio.sleep(0.02)


async def test_a_night_from_lines_to_verdicts_though_the_agent_is_killed_in_it(
    ground: Ground,
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
    async with ground.agent():
        await until(lambda: ground.learner.diary("reached"))
    ground.hold.unlink()
    async with ground.agent():
        await until(ground.idle)
    verdicts = await ground.of(VerdictReached)
    # The line of the desk that sits here came first; the line without history was passed over.
    assert [verdict.policy_line for verdict in verdicts] == ["b", "a"]
    assert {verdict.verdict for verdict in verdicts} == {"champion_kept"}
    assert len({trial.id for trial in await ground.of(TrialFinished)}) == 4
    # The trial that it was killed in went on from its checkpoint: 14 were begun, one of them twice.
    assert sorted(entry["step"] for entry in ground.learner.diary("began"))[-2:] == [0, HELD_AT]
    assert len(ground.learner.diary("began")) == 15
    said = " ".join(report.detail for report in ground.reports if isinstance(report, Progressed))
    assert "c is not learned tonight: unknown instrument 'XNYS:S2'" in said


async def test_the_owner_leaves_for_the_open_at_once_and_another_pod_goes_on(
    ground: Ground,
) -> None:
    await ground.lines(policy_line(2, name="a"))
    ground.hold.touch()
    async with ground.agent() as owner:
        await until(lambda: len(ground.learner.diary("reached")) == 1)
        async with ground.agent("pod-b", epoch=7):
            # Both pods work for the line that the first one owns.
            await until(lambda: len(ground.learner.diary("reached")) == 2)
            assert len({entry["pid"] for entry in ground.learner.diary("reached")}) == 2
            began = time.monotonic()
            answer = await owner.ask(Quiesce(deadline_seconds=20), Quiesced, PATIENCE)
            assert time.monotonic() - began < MOST_SECONDS
            assert answer.intact
            state = msgspec.json.decode(answer.state, type=LearningState)
            assert (state.interrupted, state.done) == ("a", ())
            ground.hold.unlink()
            await until(ground.idle)
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


async def test_only_the_owner_of_a_night_announces(ground: Ground) -> None:
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
    await ground.redis.delete(keys.learning_owner("a", "2012-01-10"))
    assert await other.claim() is Claim.OURS
    with pytest.raises(OwnershipLost):
        await mine.announce(event)
    await mine.finish()
    await other.finish()
    assert await mine.claim() is Claim.DONE
    assert len(await ground.events()) == 1
    life = await ground.redis.ttl(keys.learning_owner("a", "2012-01-10"))
    assert life > 86_400
