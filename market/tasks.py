"""Being cancelled, and not missing it: `asyncio.wait_for` on Python 3.11, and what is built on it,
swallows a cancellation that comes at the moment of the answer.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import ParamSpec, TypeVar

Parameters = ParamSpec("Parameters")
Answer = TypeVar("Answer")


def told_to_end() -> bool:
    """The current task has been cancelled, whether or not it was seen."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


def end_if_told() -> None:
    """Raises CancelledError in a task that has been cancelled and has not seen it."""
    if told_to_end():
        raise asyncio.CancelledError


async def in_time(work: Awaitable[Answer], seconds: float) -> Answer:
    """`asyncio.wait_for`, without its fault: raises TimeoutError when the work takes longer, and is
    always cancelled when it is told to be.
    """
    async with asyncio.timeout(seconds):
        return await work


async def heeding(work: Awaitable[Answer]) -> Answer:
    """What the work gives; raises CancelledError where it was cancelled meanwhile and went on."""
    task = asyncio.current_task()
    before = task.cancelling() if task else 0
    given = await work
    if task is not None and task.cancelling() > before:
        raise asyncio.CancelledError
    return given


async def in_thread(
    call: Callable[Parameters, Answer], *args: Parameters.args, **kwargs: Parameters.kwargs
) -> Answer:
    """`asyncio.to_thread` for calls that write: who is cancelled here goes on only when the call
    has ended, so that nothing is written behind its back.
    """
    working = asyncio.ensure_future(asyncio.to_thread(call, *args, **kwargs))
    try:
        return await asyncio.shield(working)
    except asyncio.CancelledError:
        await asyncio.wait({working})
        if not working.cancelled():
            working.exception()
        raise
