"""The supervisor restarts what dies, lets go of what leaves, and ends what will not."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import psutil
import pytest

from market.serving import address
from shiftdesk.local.processes import PortTaken, listener
from shiftdesk.local.services import answers
from shiftdesk.local.supervisor import Service, ServiceFailed, Supervisor
from tests.support.people import until

SLEEPER = "import time; time.sleep(600)"
ANSWERS_WITH_ITS_PID = """
import http.server, os
from market.serving import listen

class Pid(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(str(os.getpid()).encode())

server = http.server.HTTPServer(("127.0.0.1", 0), Pid, bind_and_activate=False)
server.socket = listen("127.0.0.1", 0)
server.serve_forever()
"""
STUBBORN = "import signal, time; signal.signal(15, signal.SIG_IGN); time.sleep(600)"


async def at_once() -> bool:
    return True


async def never() -> bool:
    return False


def service(code: str, **options: object) -> Service:
    command = (sys.executable, "-c", code)
    return Service("worker", command, {}, **({"ready": at_once} | options))  # type: ignore[arg-type]


@pytest.fixture
async def supervisor(tmp_path: Path) -> AsyncIterator[Supervisor]:
    its = Supervisor(tmp_path)
    yield its
    await its.stop_all()


async def test_what_is_killed_is_started_again(supervisor: Supervisor) -> None:
    await supervisor.start(service(SLEEPER))
    first = supervisor.pid("worker")
    assert first is not None
    os.kill(first, signal.SIGKILL)
    await until(lambda: supervisor.pid("worker") not in (None, first), 5.0)
    assert supervisor.starts("worker") == 2
    await supervisor.stop_all()
    assert supervisor.names() == []


async def test_what_leaves_by_itself_is_not_started_again(supervisor: Supervisor) -> None:
    supervisor.launch(service("pass", leaves_by_itself=True))
    await until(lambda: supervisor.names() == [], 5.0)


async def test_what_ignores_its_signal_is_killed_after_its_grace(supervisor: Supervisor) -> None:
    await supervisor.start(service(STUBBORN, grace_seconds=0.5))
    pid = supervisor.pid("worker")
    await asyncio.wait_for(supervisor.stop("worker"), 30.0)
    assert pid is not None
    assert not psutil.pid_exists(pid)


async def test_what_never_gets_ready_fails_with_its_last_words(supervisor: Supervisor) -> None:
    said = ("sh", "-c", "echo no such table; exec sleep 60")
    with pytest.raises(ServiceFailed, match="no such table"):
        await supervisor.start(Service("worker", said, {}, ready=never, ready_seconds=2.0))


async def test_what_keeps_ending_at_its_start_is_given_up_soon(supervisor: Supervisor) -> None:
    with pytest.raises(ServiceFailed, match="no such feed"):
        await asyncio.wait_for(
            supervisor.start(service("raise SystemExit('no such feed')", ready=never)), 30.0
        )


async def test_what_cannot_be_started_at_all_is_said(supervisor: Supervisor) -> None:
    missing = Service("worker", ("/no/such/program",), {}, ready=at_once)
    with pytest.raises(ServiceFailed, match="/no/such/program"):
        await supervisor.start(missing)


async def test_a_port_is_the_services_also_while_it_is_started_again(
    supervisor: Supervisor,
) -> None:
    taken = listener(0)
    port = taken.getsockname()[1]
    answering = service(ANSWERS_WITH_ITS_PID, listener=taken, ready=answers(address(taken)))
    await supervisor.start(answering)
    first = supervisor.pid("worker")
    assert first is not None
    os.kill(first, signal.SIGKILL)
    with pytest.raises(PortTaken, match=f"port {port}"):
        listener(port)
    async with httpx.AsyncClient(timeout=30.0) as http:
        told = await http.get(address(taken))
    assert told.text == str(supervisor.pid("worker")) != str(first)
    await supervisor.stop_all()
    taken.close()
