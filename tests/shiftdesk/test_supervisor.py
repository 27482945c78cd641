"""The supervisor restarts what dies, lets go of what leaves, and ends what will not."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import psutil
import pytest

from shiftdesk.local.supervisor import Service, ServiceFailed, Supervisor
from tests.support.people import until

SLEEPER = "import time; time.sleep(600)"
STUBBORN = "import signal, time; signal.signal(15, signal.SIG_IGN); time.sleep(600)"


async def at_once() -> bool:
    return True


async def never() -> bool:
    return False


def service(code: str, **options: object) -> Service:
    command = (sys.executable, "-c", code)
    return Service("worker", command, {}, **({"ready": at_once} | options))  # type: ignore[arg-type]


async def test_what_is_killed_is_started_again(tmp_path: Path) -> None:
    supervisor = Supervisor(tmp_path)
    await supervisor.start(service(SLEEPER))
    first = supervisor.pid("worker")
    assert first is not None
    os.kill(first, signal.SIGKILL)
    await until(lambda: supervisor.pid("worker") not in (None, first), 5.0)
    assert supervisor.starts("worker") == 2
    await supervisor.stop_all()
    assert supervisor.names() == []


async def test_what_leaves_by_itself_is_not_started_again(tmp_path: Path) -> None:
    supervisor = Supervisor(tmp_path)
    supervisor.launch(service("pass", leaves_by_itself=True))
    await until(lambda: supervisor.names() == [], 5.0)


async def test_what_ignores_its_signal_is_killed_after_its_grace(tmp_path: Path) -> None:
    supervisor = Supervisor(tmp_path)
    await supervisor.start(service(STUBBORN, grace_seconds=0.5))
    pid = supervisor.pid("worker")
    await asyncio.wait_for(supervisor.stop("worker"), 5.0)
    assert pid is not None
    assert not psutil.pid_exists(pid)


async def test_what_never_gets_ready_fails_with_its_last_words(tmp_path: Path) -> None:
    supervisor = Supervisor(tmp_path)
    code = "print('no such table', flush=True); import time; time.sleep(60)"
    with pytest.raises(ServiceFailed, match="no such table"):
        await supervisor.start(service(code, ready=never, ready_seconds=2.0))
    await supervisor.stop_all()
