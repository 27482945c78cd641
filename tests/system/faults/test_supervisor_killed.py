"""`kill -9` of the supervisor: all that it started ends, and the next one goes on; a terminal that
is closed ends that one in order.
"""

import asyncio
import shutil
import signal
import time
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest

from shiftdesk.local.processes import free_port
from shiftdesk.local.state import StateFolder
from shiftdesk.local.temporary import temporary_folder
from tests.support.command_line import (
    cluster,
    cluster_in_terminal,
    command,
    family,
    is_up,
    living,
)
from tests.support.demo import prices
from tests.support.people import Person, until

pytestmark = [pytest.mark.system, pytest.mark.timeout(400)]

LIMIT_SECONDS = 10.0


@pytest.fixture
def folder() -> Iterator[Path]:
    with temporary_folder("shiftdesk-killed-") as made:
        shutil.copytree(prices(), made / ".shiftdesk" / "history")
        yield made


def operator(folder: Path, url: str) -> AbstractAsyncContextManager[Person]:
    return Person.enter(url, "operator", StateFolder(folder / ".shiftdesk").secrets().demo_password)


async def test_everything_ends_by_itself_and_the_next_start_finds_its_data(folder: Path) -> None:
    options = ("--demo", "--port", str(free_port()))
    with cluster(folder, *options) as first:
        info = await is_up(folder, first)
        async with operator(folder, info.url) as person:
            made = await person.post("/instructions", {"text": "Answer in one sentence."})
            before = (await person.get("/schedule", hours=1))["now"]
            await until(lambda: _pods(person, 2), 60.0, what="two pods")
        started = family(first.pid)
        commands = [command(process) for process in started]
        for name, least in (("/postgres ", 1), ("/redis-server ", 1), ("ai_pod", 4)):
            assert len([each for each in commands if name in each]) >= least, commands
        first.send_signal(signal.SIGKILL)
        killed = time.monotonic()
    with cluster_in_terminal(folder, *options) as (second, close_window):
        left = LIMIT_SECONDS - (time.monotonic() - killed)
        await until(lambda: not living(started), left, what="the end of all that was started")
        info = await is_up(folder, second)
        async with operator(folder, info.url) as person:
            kept = await person.get(f"/instructions/{made['version']}")
            assert kept["text"] == "Answer in one sentence."
            assert (await person.get("/schedule", hours=1))["now"] >= before
            await until(lambda: _pods(person, 2), 60.0, what="two pods again")
        started = family(second.pid)
        close_window()
        assert await asyncio.to_thread(second.wait, 60) == 0, "ended in order, as by Ctrl-C"
        assert not living(started)
        assert StateFolder(folder / ".shiftdesk").running() is None
        assert b'"clean":true' in (folder / ".shiftdesk" / "clock.json").read_bytes()


async def _pods(person: Person, count: int) -> bool:
    pods = (await person.get("/pods"))["items"]
    return sum(1 for pod in pods if pod["heartbeat"]) == count
