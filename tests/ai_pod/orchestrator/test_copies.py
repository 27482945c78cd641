"""The pod's copies and its phase record: older ones are refused, damaged ones left alone."""

from pathlib import Path

import msgspec
import pytest
from redis.asyncio import Redis

from ai_pod.contracts import keys
from ai_pod.contracts.agents import PhaseRecord
from ai_pod.contracts.plan import Phase
from ai_pod.errors import Superseded
from ai_pod.orchestrator.phases import PhaseRecords
from ai_pod.orchestrator.plans import NO_PLAN, PlanCopy
from ai_pod.orchestrator.seats import SeatCopy
from tests.support.build_pod import MINUTE, OPEN, POD, POOL, Stage, always, plan, seat, segment


async def test_a_lower_plan_version_is_refused(stage: Stage) -> None:
    copy = PlanCopy(POOL, POD, stage.redis)
    await stage.announce(always(Phase.TRADING, version=5))
    assert await copy.fetch()
    await stage.announce(always(Phase.LEARNING, version=4))
    assert not await copy.fetch()
    assert copy.wanted_at(OPEN) is Phase.TRADING
    assert copy.version == 5


async def test_an_unreadable_plan_leaves_ours(stage: Stage) -> None:
    copy = PlanCopy(POOL, POD, stage.redis)
    copy.offer(always(Phase.TRADING).encode())
    assert not copy.offer(b'{"pool": 7}')
    assert copy.wanted_at(OPEN) is Phase.TRADING


def test_beyond_the_horizon_the_pod_is_paused() -> None:
    copy = PlanCopy(POOL, POD, Redis())
    copy.offer(plan(segment(Phase.TRADING, OPEN, OPEN + MINUTE)).encode())
    assert copy.wanted_at(OPEN + MINUTE) is Phase.PAUSED
    assert copy.reason_at(OPEN + MINUTE) == NO_PLAN


def test_exceptions_hold_for_their_pod_alone() -> None:
    usual = always(Phase.TRADING)
    own = (segment(Phase.PAUSED, OPEN, OPEN + MINUTE),)
    changed = msgspec.structs.replace(usual, exceptions={POD: own})
    mine, other = PlanCopy(POOL, POD, Redis()), PlanCopy(POOL, "another", Redis())
    for copy in (mine, other):
        copy.offer(changed.encode())
    assert (mine.wanted_at(OPEN), other.wanted_at(OPEN)) == (Phase.PAUSED, Phase.TRADING)


async def test_a_lower_seat_revision_is_ignored(stage: Stage) -> None:
    copy = SeatCopy(POD, stage.redis)
    await stage.sit(seat("a"), seat("b"), revision=3)
    assert await copy.fetch()
    await stage.sit(seat("c"), revision=2)
    assert not await copy.fetch()
    assert copy.desks == ("a", "b")
    await stage.redis.delete(keys.seats(POD))
    assert not await copy.fetch()


def _records(stage: Stage, folder: Path) -> PhaseRecords:
    return PhaseRecords(folder, POOL, POD, stage.redis)


async def test_the_epoch_rises_over_restarts(stage: Stage, tmp_path: Path) -> None:
    first = _records(stage, tmp_path)
    await first.recover()
    first.commit(Phase.TRADING, OPEN)
    await first.mirror()
    again = _records(stage, tmp_path)
    await again.recover()
    assert again.record.phase is Phase.PAUSED
    assert again.record.phase_epoch == first.record.phase_epoch + 1


@pytest.mark.parametrize("lost", ["local", "redis"])
async def test_the_higher_of_both_records_counts(stage: Stage, tmp_path: Path, lost: str) -> None:
    first = _records(stage, tmp_path)
    await first.recover()
    for _ in range(4):
        first.commit(Phase.LEARNING, None)
    await first.mirror()
    if lost == "redis":
        await stage.redis.flushall()
    else:
        (tmp_path / f"{POD}.phase.json").unlink()
    again = _records(stage, tmp_path)
    await again.recover()
    assert again.record.phase_epoch == 6
    mirrored = await stage.redis.get(keys.phase(POD))
    assert msgspec.json.decode(mirrored, type=PhaseRecord) == again.record


async def test_a_replaced_pod_finds_out(stage: Stage, tmp_path: Path) -> None:
    old, new = _records(stage, tmp_path / "old"), _records(stage, tmp_path / "new")
    await old.recover()
    await new.recover()
    with pytest.raises(Superseded):
        await old.mirror()
    assert msgspec.json.decode(await stage.redis.get(keys.phase(POD)))["phase_epoch"] == 2
