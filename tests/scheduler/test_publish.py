"""Publication is conditional: nobody's plan is replaced by an older one."""

import asyncio
import os
from pathlib import Path

import msgspec
import pytest
from redis.asyncio import Redis

from ai_pod.contracts import keys
from ai_pod.contracts.plan import Plan, Segment
from market.eventlog import EventLog
from scheduler.plan import Inputs
from scheduler.publish import Outcome, Publisher
from tests.support.build_scheduler import HOUR, NOW, SetClock, override, planned


@pytest.fixture
def publisher(redis: Redis) -> Publisher:
    return Publisher(redis, EventLog(None, "scheduler", SetClock()))


async def _stored(redis: Redis, pool: str = "XNYS") -> Plan:
    value = await redis.get(keys.plan(pool))
    assert isinstance(value, bytes)
    return Plan.decode(value)


async def test_a_plan_is_stored_joined_and_announced(redis: Redis, publisher: Publisher) -> None:
    async with redis.pubsub() as listener:
        await listener.subscribe(keys.plan_announcements())
        publication = await publisher.publish(planned())
        async with asyncio.timeout(30):
            async for message in listener.listen():
                if message["type"] == "message":
                    break
    assert message["data"] == b"XNYS"
    assert publication.outcome is Outcome.PUBLISHED
    assert await _stored(redis) == planned()
    assert await redis.smembers(keys.pools()) == {b"XNYS"}


async def test_a_lower_version_is_refused(redis: Redis, publisher: Publisher) -> None:
    newer = planned(inputs=Inputs(9))
    await publisher.publish(newer)
    for older in (planned(inputs=Inputs(8)), planned(inputs=Inputs(9), now=NOW - HOUR)):
        publication = await publisher.publish(older)
        assert publication.outcome is Outcome.LOWER
        assert publication.published == newer
    assert await _stored(redis) == newer


@pytest.mark.parametrize("newer", [planned(inputs=Inputs(10)), planned(now=NOW + HOUR)])
async def test_a_higher_version_is_taken(redis: Redis, publisher: Publisher, newer: Plan) -> None:
    await publisher.publish(planned())
    assert (await publisher.publish(newer)).outcome is Outcome.PUBLISHED
    assert await _stored(redis) == newer


async def test_the_same_plan_again_changes_and_announces_nothing(publisher: Publisher) -> None:
    await publisher.publish(planned())
    assert (await publisher.publish(planned())).outcome is Outcome.UNCHANGED


async def test_another_plan_of_the_same_version_is_refused(
    redis: Redis, publisher: Publisher
) -> None:
    await publisher.publish(planned(inputs=Inputs(3)))
    other = planned(inputs=Inputs(3, (override(),)))
    assert (await publisher.publish(other)).outcome is Outcome.DIFFERENT
    assert await _stored(redis) == planned(inputs=Inputs(3))


@pytest.mark.parametrize("rubbish", [b"no json", b"[]", b"{}", b'"text"'])
async def test_rubbish_in_its_place_is_replaced(
    redis: Redis, publisher: Publisher, rubbish: bytes
) -> None:
    await redis.set(keys.plan("XNYS"), rubbish)
    assert (await publisher.publish(planned())).outcome is Outcome.PUBLISHED
    assert await _stored(redis) == planned()


async def test_of_many_replicas_the_highest_version_stays(
    redis: Redis, publisher: Publisher
) -> None:
    plans = [planned(inputs=Inputs(revision)) for revision in range(1, 31)]
    async with asyncio.TaskGroup() as tasks:
        for plan in plans[::2] + plans[1::2][::-1]:
            tasks.create_task(publisher.publish(plan))
    assert await _stored(redis) == plans[-1]


async def test_the_event_log_tells_of_publications_only(redis: Redis, tmp_path: Path) -> None:
    events = EventLog(tmp_path, "scheduler", SetClock())
    publisher = Publisher(redis, events)
    plan = planned(inputs=Inputs(3, (override("pod:pod-1"),)))
    await publisher.publish(plan)
    await publisher.publish(plan)
    await publisher.publish(planned(inputs=Inputs(2)))
    events.close()
    with (tmp_path / f"scheduler-{os.getpid()}.jsonl").open("rb") as log:
        (line,) = log
    told = msgspec.json.decode(line)
    assert (told["event"], told["pool"], told["version"]) == (
        "plan_published",
        "XNYS",
        plan.version,
    )
    assert msgspec.convert(told["segments"], tuple[Segment, ...]) == plan.segments
    assert set(told["exceptions"]) == {"pod-1"}
