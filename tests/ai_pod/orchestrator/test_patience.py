"""A process that starts is waited for as long as it works, and not for ever."""

import asyncio
import subprocess
import time

import pytest

from ai_pod.orchestrator import patience
from ai_pod.orchestrator.patience import done_while_it_works

WORKS, HANGS = ("sh", "-c", "while :; do :; done"), ("sleep", "600")


@pytest.mark.parametrize(
    ("command", "look", "longest", "least"), [(WORKS, 0.3, 1.0, 1.0), (HANGS, 0.15, 60.0, 0.45)]
)
async def test_one_that_hangs_is_given_up_soon_and_one_that_works_at_last(
    monkeypatch: pytest.MonkeyPatch,
    command: tuple[str, ...],
    look: float,
    longest: float,
    least: float,
) -> None:
    monkeypatch.setattr(patience, "LOOK_SECONDS", look)
    monkeypatch.setattr(patience, "LONGEST_SECONDS", longest)
    never: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    process = await asyncio.create_subprocess_exec(*command, stdin=subprocess.DEVNULL)
    try:
        began = time.monotonic()
        assert not await done_while_it_works({never}, process.pid)
        assert least <= time.monotonic() - began < 60.0
    finally:
        process.kill()
        await process.wait()


async def test_what_is_done_is_not_waited_for() -> None:
    done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    done.set_result(None)
    assert await done_while_it_works({done}, 0)
