"""How long a process that starts is waited for: as long as it works. On a machine that is busy a
start may take a minute, and to end one that works is to begin again from nothing; one that takes no
CPU time any more will not end.
"""

import asyncio
import time
from typing import Any

from ai_pod.orchestrator.consumption import cpu_seconds

LONGEST_SECONDS = 120.0
"""Nobody waits longer for an answer."""

LOOK_SECONDS = 2.0
MOST_QUIET_LOOKS = 3


async def done_while_it_works(waiting: set[asyncio.Future[Any]], pid: int) -> bool:
    """Wait until one of `waiting` is done; False for a process that hangs, or works for too long
    without one.
    """
    deadline, spent, quiet = time.monotonic() + LONGEST_SECONDS, -1.0, 0
    while quiet < MOST_QUIET_LOOKS and time.monotonic() < deadline:
        await asyncio.wait(waiting, timeout=LOOK_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        if any(one.done() for one in waiting):
            return True
        before, spent = spent, cpu_seconds(pid)
        quiet = quiet + 1 if spent <= before else 0
    return False
