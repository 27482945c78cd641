"""A killed supervisor's processes end within a bound, whatever they do; then the lock is free."""

import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from shiftdesk.local.state import AlreadyRunning, StateFolder

STUBBORN_FAMILY = """
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print(child.pid, flush=True)
time.sleep(600)
"""

SUPERVISOR = f"""
import asyncio, sys
from pathlib import Path
from shiftdesk.local.guard import Guard
from shiftdesk.local.state import StateFolder
from shiftdesk.local.supervisor import Service, Supervisor

state = StateFolder(Path(sys.argv[1]))

async def ready():
    log = state.path("logs") / "stubborn.log"
    return log.exists() and log.read_text().endswith("\\n")

async def main():
    supervisor = Supervisor(state.path("logs"), Guard(state.lock, grace_seconds=1.0))
    command = (sys.executable, "-c", {STUBBORN_FAMILY!r})
    await supervisor.start(Service("stubborn", command, {{}}, ready))
    print(supervisor.pid("stubborn"), flush=True)
    await asyncio.sleep(600)

with state.held():
    asyncio.run(main())
"""


def test_what_ignores_every_signal_ends_with_its_children_and_frees_the_lock(
    tmp_path: Path,
) -> None:
    supervisor = subprocess.Popen(
        [sys.executable, "-c", SUPERVISOR, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    with supervisor:
        assert supervisor.stdout is not None
        stubborn = psutil.Process(int(supervisor.stdout.readline()))
        family = [stubborn, *stubborn.children()]
        assert len(family) == 2
        with pytest.raises(AlreadyRunning), StateFolder(tmp_path).held():
            pass
        supervisor.send_signal(signal.SIGKILL)
    # Raises when the lock is not free in time.
    with StateFolder(tmp_path).held():
        assert not [one for one in family if one.is_running() and one.status() != "zombie"]
