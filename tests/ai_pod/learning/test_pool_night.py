"""A pod's night over its lines: what comes first, and what happens while something is away."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from redis.asyncio import Redis

from ai_pod.agents.learning.crew import Alone
from ai_pod.agents.learning.lines import Lines
from ai_pod.agents.learning.ownership import Lives
from ai_pod.agents.learning.pool_night import Around, PoolNight
from ai_pod.agents.learning.trial import Place
from ai_pod.contracts import keys
from ai_pod.contracts.learning import (
    PolicyLine,
    ShadowReported,
    VerdictReached,
    Watch,
    WatchKind,
)
from market.clock import Clock
from market.history import History
from tests.support.build_learning import panel, policy_line, stored
from tests.support.little_learning import LITTLE
from tests.support.pods_at_night import PATIENCE, Night, until

NOISE = panel(500, 2, seed=1)
SINCE = datetime(2012, 1, 4, tzinfo=UTC)


@pytest.fixture
async def ground(redis_url: str, tmp_path: Path) -> AsyncIterator[Night]:
    stored(str(tmp_path / "history"), NOISE)
    async with Redis.from_url(redis_url) as redis:
        yield Night(redis, redis_url, tmp_path)


def watched(name: str) -> PolicyLine:
    """A line with a champion in review, and a challenger in shadow."""
    watches = (
        Watch(
            kind=WatchKind.REVIEW,
            policy="rule:momentum@1",
            against="rule:equal-weight@1",
            since=SINCE,
            sessions=9,
        ),
        Watch(
            kind=WatchKind.SHADOW,
            policy="rule:equal-weight@1",
            against="rule:momentum@1",
            since=SINCE,
            sessions=2,
        ),
    )
    return msgspec.structs.replace(policy_line(2, name=name), watched=watches)


async def test_what_is_watched_on_any_line_is_reported_before_the_first_one_is_learned(
    ground: Night,
) -> None:
    await ground.lines(policy_line(2, name="a"), watched("b"), watched("c"))
    ground.hold.touch()
    async with ground.agent():
        await ground.reached(1)
        reports = await ground.of(ShadowReported)
        assert [report.policy_line for report in reports] == ["b", "b", "c", "c"]
        assert not await ground.of(VerdictReached)
    # Another beginning on the same bars, by another pod, repeats nothing.
    async with ground.agent("pod-b"):
        await ground.reached(2)
        assert await ground.of(ShadowReported) == reports
    # With more bars there is more to tell; what is told of the same sessions has the same id.
    stored(str(ground.root / "history"), panel(600, 2, seed=1))
    async with ground.agent("pod-c"):
        await until(lambda: _count(ground, 8))
    later = (await ground.of(ShadowReported))[4:]
    shadows = [
        {report.id for report in told if report.kind is WatchKind.SHADOW}
        for told in (reports, later)
    ]
    assert shadows[0] == shadows[1]


class Swallowing(Redis):
    """A client that, once, is cancelled while it announces, and swallows it, as redis-py does on
    Python 3.11 when the answer comes at that moment.
    """

    whom: asyncio.Task[None] | None = None

    async def execute_command(self, *args: object, **options: object) -> object:
        answer = await super().execute_command(*args, **options)
        if self.whom is not None and args[0] == "EVALSHA" and args[2] == 3:
            self.whom.cancel()
            self.whom = None
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.sleep(30)
        return answer


async def test_a_night_ends_though_redis_has_swallowed_that_it_was_told_to(ground: Night) -> None:
    await ground.lines(policy_line(2, name="a"))
    clock = Clock.parse("2012-03-01T00:00:00Z=2026-01-01T00:00:00Z@1")
    async with Swallowing.from_url(ground.url) as redis:
        around = Around(
            owner="pod-a:1",
            redis=redis,
            artifacts=str(ground.artifacts),
            clock=clock,
            tell=_unheard,
            budget=LITTLE,
            lives=Lives(),
        )
        crew = Alone(Place.at(str(ground.artifacts), ground.learner))
        lines = Lines(redis, History(str(ground.root / "history")), clock)
        night = PoolNight(lines, around, crew, asyncio.Event())
        running = redis.whom = asyncio.create_task(night.run("pod-a", "XNYS"))
        await asyncio.wait({running}, timeout=PATIENCE)
        assert running.cancelled()
    assert not await ground.of(VerdictReached)
    # It has let go of the line.
    assert await ground.redis.get(keys.learning_owner("a")) is None


async def _unheard(_: object) -> None: ...


async def _count(ground: Night, reports: int) -> bool:
    return len(await ground.of(ShadowReported)) >= reports


async def test_a_store_that_is_away_is_waited_for(ground: Night) -> None:
    await ground.lines(policy_line(2, name="a"))
    # A file stands where the store's folder should be: every write and read fails.
    ground.artifacts.touch()
    ground.lives = Lives(claim_seconds=1.0)
    async with ground.agent():
        await until(lambda: "a is tried again" in ground.said)
        ground.artifacts.unlink()
        await until(lambda: ground.idles)
    assert len(await ground.of(VerdictReached)) == 1


async def test_a_line_that_cannot_be_read_keeps_no_other_from_learning(ground: Night) -> None:
    await ground.redis.hset(keys.learning_lines(), "0", b'{"id": "0", "interval": "7 parsecs"}')
    await ground.lines(policy_line(2, name="a"))
    async with ground.agent():
        await until(lambda: ground.idles)
    assert len(await ground.of(VerdictReached)) == 1
