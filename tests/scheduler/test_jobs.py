"""Reconciliation: whatever is lost, the wanted plan is published again."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import msgspec
import pytest
from redis.asyncio import Redis
from sqlalchemy import text

from ai_pod.contracts import keys
from ai_pod.contracts.agents import PodHeartbeat
from ai_pod.contracts.plan import Phase, Plan
from market.clock import Clock
from market.eventlog import EventLog
from scheduler import overrides
from scheduler.audit import Author
from scheduler.database import Database, current_revision
from scheduler.jobs import Reconciler
from scheduler.lateness import Lateness
from scheduler.plan import revision_of
from scheduler.planner import Planner
from scheduler.pools import parse_pools
from scheduler.publish import Publisher
from scheduler.telemetry import Telemetry
from tests.support.build_scheduler import (
    HOUR,
    NOW,
    ORGANISATION,
    SetClock,
    anchored,
    heartbeat,
    override_request,
)
from tests.support.wire import wire

LATE_AFTER_SECONDS = 15.0


class Replica:
    """One scheduler's moving parts; `seconds` is its real time for lateness."""

    def __init__(self, url: str, redis: Redis, clock: Clock, pools: str = "XNYS,XLON") -> None:
        self.seconds = 0.0
        self.database = Database(url)
        self.telemetry = Telemetry(LATE_AFTER_SECONDS)
        self.planner = Planner(self.database, parse_pools(pools), clock)
        publisher = Publisher(redis, EventLog(None, "scheduler", clock))
        lateness = Lateness(clock, lambda: self.seconds)
        self.reconciler = Reconciler(self.planner, publisher, redis, lateness, self.telemetry)

    def metric(self, line: str) -> bool:
        return f"\n{line}\n" in self.telemetry.text().decode()


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
async def replica(migrated_url: str, redis: Redis, clock: SetClock) -> AsyncIterator[Replica]:
    replica = Replica(migrated_url, redis, clock)
    yield replica
    await replica.database.close()


async def _stored(redis: Redis, pool: str = "XNYS") -> Plan:
    value = await redis.get(keys.plan(pool))
    assert isinstance(value, bytes), "nothing is published"
    return Plan.decode(value)


async def _override(replica: Replica, phase: Phase = Phase.PAUSED) -> None:
    author = Author(organisation=ORGANISATION, actor="olga", market_now=NOW)
    async with replica.database.transaction() as connection:
        checked = overrides.check(override_request(phase=phase), ("XNYS",), NOW)
        await overrides.set_override(connection, checked, author)


async def test_every_pools_plan_is_published(replica: Replica, redis: Redis) -> None:
    await replica.reconciler.reconcile()
    assert await redis.smembers(keys.pools()) == {b"XNYS", b"XLON"}
    plan = await _stored(redis)
    assert plan.segments[-1].ends - NOW > timedelta(hours=72)
    assert plan.computed_at <= NOW < plan.computed_at + HOUR


async def test_an_override_and_the_passing_hour_raise_the_version(
    replica: Replica, redis: Redis, clock: SetClock
) -> None:
    versions = []
    for change in ("start", "override", "hour"):
        if change == "override":
            await _override(replica)
        if change == "hour":
            clock.instant += HOUR
        await replica.reconciler.reconcile()
        versions.append((await _stored(redis)).version)
    assert versions == sorted(set(versions))


async def test_two_replicas_publish_the_same_plan(
    replica: Replica, migrated_url: str, redis: Redis
) -> None:
    await _override(replica)
    await replica.reconciler.reconcile()
    first = await redis.get(keys.plan("XNYS"))
    await redis.flushall()
    other = Replica(migrated_url, redis, SetClock(NOW + timedelta(minutes=30)))
    await other.reconciler.reconcile()
    assert await redis.get(keys.plan("XNYS")) == first
    await other.database.close()


async def test_what_redis_lost_is_published_again(replica: Replica, redis: Redis) -> None:
    await replica.reconciler.reconcile()
    before = await _stored(redis)
    await redis.flushall()
    await replica.reconciler.reconcile()
    assert await _stored(redis) == before
    assert await redis.smembers(keys.pools()) == {b"XNYS", b"XLON"}


async def test_an_emptied_postgres_takes_revisions_above_the_published(
    replica: Replica, redis: Redis
) -> None:
    for _ in range(3):
        await _override(replica)
    await replica.reconciler.reconcile()
    before = await _stored(redis)
    async with replica.database.transaction() as connection:
        await connection.execute(text("DELETE FROM scheduler.override_"))
        await connection.execute(text("UPDATE scheduler.revision SET value = 1"))
    await replica.reconciler.reconcile()
    await replica.reconciler.reconcile()
    after = await _stored(redis)
    assert revision_of(after.version) == revision_of(before.version) + 1
    segment = after.segment_at("pod-1", NOW)
    assert segment is not None
    assert segment.phase is Phase.TRADING


async def test_a_clock_that_was_set_back_gets_its_plan(
    replica: Replica, redis: Redis, clock: SetClock
) -> None:
    clock.instant = NOW + timedelta(days=400)
    await replica.reconciler.reconcile()
    clock.instant = NOW
    await replica.reconciler.reconcile()
    await replica.reconciler.reconcile()
    for pool in ("XNYS", "XLON"):
        assert (await _stored(redis, pool)).segment_at("pod-1", NOW) is not None


async def test_a_lagging_replica_changes_nothing(
    replica: Replica, migrated_url: str, redis: Redis
) -> None:
    await replica.reconciler.reconcile()
    before = await _stored(redis)
    lagging = Replica(migrated_url, redis, SetClock(NOW - 2 * HOUR))
    await lagging.reconciler.reconcile()
    assert await _stored(redis) == before
    async with replica.database.transaction() as connection:
        assert await current_revision(connection) == revision_of(before.version)
    await lagging.database.close()


async def test_a_changed_configuration_is_published_at_the_start(
    replica: Replica, migrated_url: str, redis: Redis, clock: SetClock
) -> None:
    await replica.reconciler.reconcile()
    margins = '[{"name": "XNYS", "warm_up_seconds": 120}]'
    restarted = Replica(migrated_url, redis, clock, pools=margins)
    await restarted.reconciler.reconcile()
    await restarted.reconciler.reconcile()
    assert (await _stored(redis)).warm_up_seconds == 120
    await replica.reconciler.reconcile()
    assert (await _stored(redis)).warm_up_seconds == 120
    await restarted.database.close()


async def test_redis_may_be_away(migrated_url: str, redis_url: str, redis: Redis) -> None:
    async with wire(redis_url) as line, Redis.from_url(line.url, retry=None) as through:
        replica = Replica(migrated_url, through, SetClock())
        line.cut()
        await replica.reconciler.reconcile()
        assert replica.metric('scheduler_store_up{store="redis"} 0.0')
        await line.mend()
        await replica.reconciler.reconcile()
        assert replica.metric('scheduler_store_up{store="redis"} 1.0')
        assert (await _stored(redis)).pool == "XNYS"
        await replica.database.close()


async def test_the_horizon_goes_on_while_postgres_is_away(
    migrated_url: str, redis: Redis, clock: SetClock
) -> None:
    async with wire(migrated_url) as line:
        replica = Replica(line.url, redis, clock)
        await _override(replica)
        await replica.reconciler.reconcile()
        before = await _stored(redis)
        line.cut()
        clock.instant = NOW + HOUR
        await replica.reconciler.reconcile()
        assert replica.metric('scheduler_store_up{store="postgres"} 0.0')
        after = await _stored(redis)
        assert after.version == before.version + 1
        segment = after.segment_at("pod-1", clock.instant)
        assert segment is not None
        assert segment.phase is Phase.PAUSED
        await line.mend()
        await replica.reconciler.reconcile()
        assert replica.metric('scheduler_store_up{store="postgres"} 1.0')
        await replica.database.close()


async def test_without_any_inputs_nothing_is_published(database_url: str, redis: Redis) -> None:
    unmigrated = Replica(database_url, redis, SetClock())
    await unmigrated.reconciler.reconcile()
    assert await redis.keys() == []
    assert not unmigrated.planner.ready
    await unmigrated.database.close()


async def _beat(redis: Redis, pod: PodHeartbeat) -> None:
    await redis.set(keys.pod(pod.pod), msgspec.json.encode(pod))


async def test_pods_that_disagree_for_long_are_late(replica: Replica, redis: Redis) -> None:
    await _beat(redis, heartbeat("pod-1", Phase.TRADING))
    await _beat(redis, heartbeat("pod-2", Phase.LEARNING))
    await _beat(redis, heartbeat("pod-3", Phase.LEARNING, its_pool="elsewhere"))
    await replica.reconciler.reconcile()
    assert replica.metric('scheduler_pods_late{pool="XNYS"} 0.0')
    replica.seconds = LATE_AFTER_SECONDS + 1
    await replica.reconciler.reconcile()
    assert replica.metric('scheduler_pods_late{pool="XNYS"} 1.0')
    assert replica.metric('scheduler_pods_late{pool="XLON"} 0.0')
    await _beat(redis, heartbeat("pod-2", Phase.TRADING))
    await replica.reconciler.reconcile()
    assert replica.metric('scheduler_pods_late{pool="XNYS"} 0.0')


async def _end(replica: Replica, loop: "asyncio.Task[None]") -> None:
    replica.reconciler.stop()
    _, pending = await asyncio.wait([loop], timeout=10)
    await replica.database.close()
    assert not pending


async def test_the_loop_publishes_each_hour_by_its_alarm(migrated_url: str, redis: Redis) -> None:
    """At 36,000 × an hour of the market is a tenth of a second; the loop itself sleeps a minute."""
    replica = Replica(migrated_url, redis, Clock.parse(anchored(speed=36_000)))
    loop = asyncio.create_task(replica.reconciler.run(60.0), name="loop")
    versions: set[int] = set()
    async with redis.pubsub() as listener, asyncio.timeout(20):
        await listener.subscribe(keys.plan_announcements())
        async for message in listener.listen():
            if message["type"] == "message":
                versions.add((await _stored(redis)).version)
            if len(versions) >= 5:
                break
    await _end(replica, loop)


async def test_the_loop_outlives_a_failing_pass(
    migrated_url: str, redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    replica = Replica(migrated_url, redis, SetClock())
    read, fails = replica.planner.read, [True, True]

    async def failing() -> object:
        if fails:
            fails.pop()
            raise RuntimeError("unforeseen")
        return await read()

    monkeypatch.setattr(replica.planner, "read", failing)
    loop = asyncio.create_task(replica.reconciler.run(0.01), name="loop")
    async with asyncio.timeout(10):
        while not await redis.exists(keys.plan("XNYS")):
            await asyncio.wait([loop], timeout=0.01)
    await _end(replica, loop)
