"""Starting a cluster: a taken port is said before anything starts; Ctrl-C ends it at any time."""

import http.server
import os
import signal
import threading
from pathlib import Path

import pytest

from shiftdesk.configuration import Configuration
from shiftdesk.errors import UsageProblem
from shiftdesk.local.processes import free_port
from shiftdesk.local.temporary import temporary_folder
from shiftdesk.verbs.up import options
from tests.support.command_line import cluster, family, living, shiftdesk
from tests.support.people import until


def test_a_foreign_server_on_the_port_is_named_and_nothing_is_started(tmp_path: Path) -> None:
    class Ready(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()

    with http.server.HTTPServer(("127.0.0.1", 0), Ready) as foreign:
        threading.Thread(target=foreign.serve_forever).start()
        port = str(foreign.server_port)
        done = shiftdesk(tmp_path, "up", "--port", port)
        foreign.shutdown()
    assert done.returncode == 4
    assert f"port {port}: Address already in use, by process {os.getpid()}" in done.stderr
    assert "--port NUMBER" in done.stderr
    assert "Postgres" not in done.stderr
    assert not (tmp_path / ".shiftdesk" / "postgres").exists()


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("llm_prices", "local", "MODEL=READ/WRITTEN"),
        ("llm_prices", "loca=1/2", "'loca', which is no model of SHIFTDESK_LLM"),
        ("llm_canary", "new", "MODEL@PERCENT"),
    ],
)
def test_what_cannot_be_read_of_models_is_said_before_anything_starts(
    tmp_path: Path, name: str, value: str, says: str
) -> None:
    with pytest.raises(UsageProblem, match=says):
        options(Configuration(tmp_path, {"llm": "local", name: value}), demo=False)


@pytest.mark.system
async def test_ctrl_c_while_it_starts_ends_what_has_started() -> None:
    with (
        temporary_folder("shiftdesk-up-") as folder,
        cluster(folder, "--port", str(free_port())) as process,
    ):
        log = folder / ".shiftdesk" / "logs" / "backend.log"
        await until(log.exists, 60.0, what="the back end's start")
        started = family(process.pid)
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
        assert not living(started)
