"""A loop ends although its being cancelled was swallowed on the way."""

import asyncio
import contextlib

from market.tasks import told_to_end


async def test_a_swallowed_cancellation_still_ends_the_loop() -> None:
    turns = 0

    async def loop() -> None:
        nonlocal turns
        while not told_to_end():
            turns += 1
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.sleep(0.001)

    task = asyncio.create_task(loop())
    while turns < 3:
        await asyncio.sleep(0.001)
    task.cancel()
    await asyncio.wait({task}, timeout=5)
    assert task.done()
    assert not task.cancelled()


async def test_a_wait_that_times_out_is_no_end() -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(0.001):
            await asyncio.sleep(5)
    assert not told_to_end()
