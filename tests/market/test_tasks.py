"""A loop ends although its being cancelled was swallowed on the way."""

import asyncio
import contextlib

from market.tasks import told_to_end


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
