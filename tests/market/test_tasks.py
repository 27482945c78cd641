"""A loop ends although its being cancelled was swallowed on the way; a wait swallows nothing."""

import asyncio
import contextlib

import pytest

from market.tasks import heeding, in_time, told_to_end


async def test_a_swallowed_cancellation_still_ends_the_loop() -> None:
    begun = asyncio.Event()

    async def loop() -> None:
        while not told_to_end():
            begun.set()
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.sleep(30)

    task = asyncio.create_task(loop())
    await begun.wait()
    task.cancel()
    await asyncio.wait({task}, timeout=5)
    assert task.done()
    assert not task.cancelled()


async def test_a_wait_that_times_out_is_no_end() -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(0.001):
            await asyncio.sleep(5)
    assert not told_to_end()


async def test_a_wait_in_time_misses_no_cancellation() -> None:
    """Also not one that comes when the answer is there and nobody has woken up yet."""
    for turns in range(4):
        answer = asyncio.Event()
        task = asyncio.create_task(in_time(answer.wait(), 30))
        await asyncio.sleep(0)
        answer.set()
        for _ in range(turns):
            await asyncio.sleep(0)
        told = task.cancel()
        await asyncio.wait({task})
        assert task.cancelled() == told
    with pytest.raises(TimeoutError):
        await in_time(asyncio.Event().wait(), 0.001)


async def test_who_swallows_a_cancellation_is_not_followed() -> None:
    begun = asyncio.Event()

    async def deaf() -> str:
        begun.set()
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.sleep(30)
        return "an answer"

    task = asyncio.create_task(heeding(deaf()))
    await begun.wait()
    task.cancel()
    await asyncio.wait({task})
    assert task.cancelled()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.001):
            await heeding(deaf())
    assert await heeding(asyncio.sleep(0, "an answer")) == "an answer"
