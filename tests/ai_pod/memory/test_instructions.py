"""Instructions in real Redis: what answers whom, fresh in the memory of every pod."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from redis.asyncio import Redis
from redis.exceptions import RedisError

from ai_pod.contracts import keys
from ai_pod.contracts.instructions import (
    CANARY,
    PRODUCTION,
    UNNUMBERED,
    Instructions,
    InstructionsClient,
    Serving,
    UnknownVersion,
    label_for,
    place,
    shipped,
    tenant,
)
from ai_pod.memory import instructions
from ai_pod.memory.instructions import CurrentInstructions
from tests.support.build_chat import instruct

ORGANISATION = "organisation_1"
PATIENCE_SECONDS = 30.0
USERS = [f"user_{number}" for number in range(10_000)]


def version(number: int, text: str) -> Instructions:
    return Instructions(version=number, text=text, created_by="olga", created_at=datetime.now(UTC))


def text_of(current: CurrentInstructions, user: str = "user_1") -> str:
    return current.choose(ORGANISATION, user).instructions.text


async def until(current: CurrentInstructions, text: str) -> None:
    """Wait until `text` is the current one."""
    async with asyncio.timeout(PATIENCE_SECONDS), current.refreshed:
        await current.refreshed.wait_for(lambda: text_of(current) == text)


@contextlib.asynccontextmanager
async def watching(*those: CurrentInstructions) -> AsyncIterator[None]:
    """Each follows announcements from here on."""

    async def first(one: CurrentInstructions) -> None:
        async with asyncio.timeout(PATIENCE_SECONDS), one.refreshed:
            await one.refreshed.wait()

    waiting = [asyncio.create_task(first(one)) for one in those]
    await asyncio.sleep(0)
    tasks = [asyncio.create_task(one.watch()) for one in those]
    try:
        await asyncio.gather(*waiting)
        yield
    finally:
        for task in tasks:
            task.cancel()


async def test_before_anything_is_published_the_shipped_text_answers(redis: Redis) -> None:
    current = CurrentInstructions(redis)
    assert text_of(current) == shipped().text
    await current.refresh()
    chosen = current.choose(ORGANISATION, "user_1")
    assert (chosen.label, chosen.instructions.version) == (PRODUCTION, UNNUMBERED)
    assert await redis.keys("ai:instructions:*") == [], "a pod reads, and writes nothing"


async def test_an_older_revision_never_replaces_a_newer(redis: Redis) -> None:
    client = InstructionsClient(redis)
    newer = Serving(revision=5, labels={PRODUCTION: 2, CANARY: 3}, canary_percent=10)
    assert await client.publish(newer)
    assert not await client.publish(Serving(revision=4, labels={PRODUCTION: 1}))
    assert await client.serving() == newer
    without = Serving(revision=6, labels={PRODUCTION: 2})
    assert await client.publish(without)
    assert await client.serving() == without, "a label that is gone is gone"


async def test_a_version_that_is_not_there(redis: Redis) -> None:
    client = InstructionsClient(redis)
    await client.put([version(1, "One."), version(3, "Three.")])
    assert await client.numbers() == {1, 3}
    assert set(await client.versions([1, 2, 3])) == {1, 3}
    with pytest.raises(UnknownVersion, match="no instructions version 2"):
        await client.get(2)


async def test_every_pod_follows_at_once(redis: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the announcement: there is no poll within the test."""
    monkeypatch.setattr(instructions, "POLL_SECONDS", 3600.0)
    pods = [CurrentInstructions(redis) for _ in range(5)]
    await instruct(redis, "First.")
    async with watching(*pods):
        for number in range(2, 6):
            text = f"Text {number}."
            await instruct(redis, text, revision=number, version=number)
            await asyncio.gather(*(until(pod, text) for pod in pods))


async def test_what_redis_loses_is_kept_in_memory(redis: Redis) -> None:
    current = CurrentInstructions(redis)
    await instruct(redis, "Be brief.", version=7)
    await current.refresh()
    await redis.flushall()
    await current.refresh()
    assert text_of(current) == "Be brief."
    await InstructionsClient(redis).publish(Serving(revision=9, labels={PRODUCTION: 8}))
    await current.refresh()
    assert text_of(current) == "Be brief.", "a label whose text is lost moves nothing"


async def test_a_label_whose_text_is_lost_stays_beside_one_that_moves(redis: Redis) -> None:
    current, client = CurrentInstructions(redis), InstructionsClient(redis)
    await client.put([version(number, f"Text {number}.") for number in (1, 2, 3)])
    theirs = tenant(ORGANISATION)
    await client.publish(Serving(revision=1, labels={PRODUCTION: 1, theirs: 2}))
    await current.refresh()
    await client.publish(Serving(revision=2, labels={PRODUCTION: 3, theirs: 4}))
    await current.refresh()
    assert text_of(current) == "Text 2."
    assert current.choose("organisation_2", "user_1").instructions.text == "Text 3."


async def test_while_redis_is_away_the_last_good_snapshot_answers(redis: Redis) -> None:
    current = CurrentInstructions(redis)
    await instruct(redis, "Be brief.")
    async with watching(current):
        settings_key = keys.instructions("chatbot", "settings")
        await redis.delete(settings_key)
        await redis.set(settings_key, "nothing that can be read")
        await redis.publish(current.client.channel, "")
        with pytest.raises(RedisError):
            await current.refresh()
        assert text_of(current) == "Be brief."
        await redis.delete(settings_key)
        await instruct(redis, "Be kind.", revision=2, version=2)
        await until(current, "Be kind.")


async def test_a_bound_version_needs_no_label(redis: Redis) -> None:
    current = CurrentInstructions(redis)
    await instruct(redis, "Be brief.")
    await current.refresh()
    await current.client.put([version(2, "Be kind.")])
    assert (await current.version(2)).text == "Be kind."
    with pytest.raises(UnknownVersion):
        await current.version(3)


def test_who_is_answered_by_what() -> None:
    serving = Serving(labels={PRODUCTION: 1, CANARY: 2, tenant("a"): 3}, canary_percent=100)
    assert label_for(serving, "a", "user_1") == tenant("a"), "one's own before the canary"
    assert label_for(serving, "b", "user_1") == CANARY
    nobody = Serving(labels={PRODUCTION: 1, CANARY: 2}, canary_percent=0)
    assert {label_for(nobody, "b", user) for user in USERS} == {PRODUCTION}
    without = Serving(labels={PRODUCTION: 1}, canary_percent=100)
    assert label_for(without, "b", "user_1") == PRODUCTION


@pytest.mark.parametrize("percent", [1, 10, 50])
def test_the_canarys_share_is_what_was_asked_for(percent: int) -> None:
    """Of 10,000 users, within four standard deviations."""
    serving = Serving(labels={PRODUCTION: 1, CANARY: 2}, canary_percent=percent)
    share = sum(label_for(serving, "b", user) == CANARY for user in USERS) / len(USERS)
    spread = 4 * (percent / 100 * (1 - percent / 100) / len(USERS)) ** 0.5
    assert share == pytest.approx(percent / 100, abs=spread)


def test_another_canary_deals_its_users_anew() -> None:
    """Half of those of one are in another of the same share."""
    one, other = ({u for u in USERS if place(f"canary:{at}", u) < 50} for at in (2, 3))
    assert len(one & other) / len(one) == pytest.approx(0.5, abs=0.04)


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=40), st.integers(1, 10**6), st.integers(0, 100), st.integers(0, 100))
def test_who_is_in_a_share_stays_in_it_while_it_grows(
    user: str, canary: int, one: int, other: int
) -> None:
    def chosen(percent: int, production: int) -> str:
        labels = {PRODUCTION: production, CANARY: canary}
        return label_for(Serving(labels=labels, canary_percent=percent), "b", user)

    less, more = sorted((one, other))
    assert chosen(less, 1) == chosen(less, 2), "whatever production does"
    if chosen(less, 1) == CANARY:
        assert chosen(more, 1) == CANARY
