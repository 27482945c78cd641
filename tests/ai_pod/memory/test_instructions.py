"""Instructions in real Redis: immutable versions, labels by compare-and-set, fresh in memory."""

import asyncio

import pytest
from redis.asyncio import Redis

from ai_pod.contracts.instructions import (
    PRODUCTION,
    InstructionsClient,
    LabelConflict,
    UnknownVersion,
)
from ai_pod.memory.instructions import CurrentInstructions, ensure_default, shipped_text


async def until(current: CurrentInstructions, text: str) -> None:
    """Wait until `text` is the current one; a second at most."""
    async with asyncio.timeout(1), current.refreshed:
        await current.refreshed.wait_for(lambda: current.current().text == text)


async def test_the_shipped_text_is_version_one(redis: Redis) -> None:
    client = InstructionsClient(redis)
    await asyncio.gather(*(ensure_default(client) for _ in range(4)))
    current = await client.current()
    assert current is not None
    assert (current.version, current.text) == (1, shipped_text())
    assert len(await client.versions()) == 1


async def test_a_version_never_changes(redis: Redis) -> None:
    client = InstructionsClient(redis)
    first = await client.add("Be brief.", "olga")
    again = await client.add("Be long.", "ivan", version=first.version)
    assert again == first
    second = await client.add("Be long.", "ivan")
    assert [one.text for one in await client.versions()] == ["Be brief.", "Be long."]
    assert second.version == 2


async def test_versions_added_at_once_get_numbers_of_their_own(redis: Redis) -> None:
    client = InstructionsClient(redis)
    added = await asyncio.gather(*(client.add(f"Text {n}", "olga") for n in range(20)))
    assert sorted(one.version for one in added) == list(range(1, 21))


async def test_a_label_moves_only_from_where_it_was_seen(redis: Redis) -> None:
    client = InstructionsClient(redis)
    await client.add("One.", "olga")
    await client.add("Two.", "olga")
    await client.move(PRODUCTION, 1, expected=None)
    moves = [client.move(PRODUCTION, 2, expected=1) for _ in range(5)]
    outcomes = await asyncio.gather(*moves, return_exceptions=True)
    assert sum(isinstance(outcome, LabelConflict) for outcome in outcomes) == 4
    with pytest.raises(LabelConflict) as conflict:
        await client.move(PRODUCTION, 1, expected=None)
    assert conflict.value.found == 2
    moved = await client.move(PRODUCTION, 1, expected=2)
    assert moved.previous == 2


async def test_a_label_points_at_a_version_that_exists(redis: Redis) -> None:
    client = InstructionsClient(redis)
    with pytest.raises(UnknownVersion, match="no instructions version 7"):
        await client.move("canary", 7, expected=None)
    with pytest.raises(UnknownVersion):
        await client.get(7)


async def test_a_move_is_in_memory_at_once(redis: Redis) -> None:
    current = CurrentInstructions(redis)
    await current.refresh()
    watching = asyncio.create_task(current.watch())
    try:
        async with asyncio.timeout(2), current.refreshed:
            await current.refreshed.wait()
        for text in ("Second.", "Third."):
            added = await current.client.add(text, "olga")
            before = current.current().version
            await current.client.move(PRODUCTION, added.version, expected=before)
            await until(current, text)
    finally:
        watching.cancel()


async def test_another_label_and_the_last_good_snapshot(redis: Redis) -> None:
    current = CurrentInstructions(redis)
    await current.refresh()
    added = await current.client.add("For the few.", "olga")
    await current.client.move("canary", added.version, expected=None)
    await current.refresh()
    assert current.current("canary").text == "For the few."
    assert current.current("unheard-of").version == 1
    await redis.flushall()
    assert current.current("canary").text == "For the few."
