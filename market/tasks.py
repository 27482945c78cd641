"""Loops that end when they are told to, although something on their way swallows being cancelled:
redis-py, psycopg and `asyncio.wait_for` do on Python 3.11, when an answer comes at that moment.
"""

import asyncio


def told_to_end() -> bool:
    """The current task has been cancelled, whether or not it was seen."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
