"""The phase record between disk and Redis, when both are slow."""

import threading
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis

from ai_pod.contracts.agents import PhaseRecord
from ai_pod.contracts.plan import Phase
from ai_pod.errors import Superseded
from ai_pod.memory.handoffs import Handoffs
from ai_pod.orchestrator.phases import PhaseRecords
from ai_pod.orchestrator.switch import COMMIT_SECONDS, Journey, Switch
from market.clock import Clock
from market.eventlog import EventLog
from tests.support.build_pod import POD, POOL, Stage


class SlowDisk(PhaseRecords):
    """Takes longer than a switch allows for, and writes in the end."""

    def commit(self, *args: Any) -> PhaseRecord:
        threading.Event().wait(COMMIT_SECONDS + 0.1)
        return super().commit(*args)


async def test_a_mirror_that_is_overtaken_by_our_own_next_one_is_no_rival(stage: Stage) -> None:
    records = PhaseRecords(stage.folder, POOL, POD, stage.redis)
    await records.recover()
    script = records._mirror

    async def overtaken(**told: Any) -> Any:
        records._mirror = script
        records.commit(Phase.TRADING, None)
        await records.mirror()
        return await script(**told)

    records._mirror = overtaken  # type: ignore[assignment]
    await records.mirror()
    assert records.mirrored
    other = PhaseRecords(stage.folder / "elsewhere", POOL, POD, stage.redis)
    with pytest.raises(Superseded):
        await other.mirror()


async def test_a_commit_that_comes_late_is_one(stage: Stage, redis_url: str) -> None:
    """The disk decides: what it holds in the end is not rolled back."""
    async with Redis.from_url(redis_url) as redis:
        records = SlowDisk(stage.folder, POOL, POD, redis)
        switch = Switch({}, records, Handoffs(redis), Clock(), _log(stage.folder))
        view = await switch.run(Journey(Phase.PAUSED, None, lambda: Phase.PAUSED))
    assert view.phase_epoch == records.record.phase_epoch == 1
    assert not stage.events("switch_rolled_back")


def _log(folder: Path) -> EventLog:
    return EventLog(folder / "events", "test", Clock())
