"""Loops that end when they are told to, although something on their way swallows being cancelled:
redis-py, psycopg and `asyncio.wait_for` do on Python 3.11, when an answer comes at that moment.
"""

import asyncio
from collections.abc import Callable
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
