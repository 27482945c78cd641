"""`gate` and `policies` as a person runs them, against a back end that heard some nights."""

import asyncio
import json
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
import uvicorn

from market.serving import address, listen
from shiftdesk.local.state import ClusterInfo, Secrets, StateFolder
from tests.support.build_backend import PASSWORD, Backend
from tests.support.build_nights import (
    CHALLENGER,
    CHAMPION,
    LINE,
    SECOND,
    announce,
    report,
    trial,
    verdict,
)
from tests.support.command_line import shiftdesk
from tests.support.people import until

EVIDENCE: dict[str, Any] = {
    "spa": {"1/N": 0.031, "champion": 0.2},
    "intervals": {"champion": (-0.1, 0.5)},
    "measures": {"years_needed": 12.34, "control_promoted": 0.0, "pbo": 0.25},
    "protocol": {"groups": 6.0},
    "paths": 5,
}


class Terminal:
    """A folder in which the back end is the running cluster, and otto its operator."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def run(self, *arguments: str, code: int = 0) -> str:
        """What a verb prints: stdout, and stderr when it should fail."""
        done = await asyncio.to_thread(shiftdesk, self.folder, *arguments)
        assert done.returncode == code, done.stderr
        assert "Traceback" not in done.stderr
        return done.stdout + done.stderr if code else done.stdout


@pytest.fixture
async def terminal(nights: Backend, tmp_path: Path) -> AsyncIterator[Terminal]:
    listener = listen("127.0.0.1", 0)
    state = StateFolder(tmp_path / ".shiftdesk")
    with state.held():
        known = Secrets(service="", backend_role="", scheduler_role="", demo_password=PASSWORD)
        state.path("secrets.json").write_bytes(msgspec.json.encode(known))
        state.publish(_info(address(listener)))
        server = uvicorn.Server(uvicorn.Config(nights.app, lifespan="off", log_level="error"))
        serving = asyncio.create_task(server.serve([listener]), name="server")
        await until(lambda: server.started, seconds=10)
        yield Terminal(tmp_path)
        server.should_exit = True
        await serving


async def test_the_exit_code_is_the_gates_answer(nights: Backend, terminal: Terminal) -> None:
    assert "no verdict yet" in await terminal.run("gate", "--line", LINE, code=3)
    await announce(nights, trial(), verdict("v1", promoted=False, **EVIDENCE))
    said = await terminal.run("gate", code=6)
    for words in (
        "champion kept",
        "1/N",
        "0.031",
        "-0.10 to +0.50",
        "beats champion",
        "years of data such an edge needs",
        "12.3",
        "kept its champion, as it must",
        "protocol: groups",
        "The champion stays: the difference may be chance.",
    ):
        assert words in said, words
    await announce(nights, verdict("v2", promoted=True, hours=1, challenger=SECOND, **EVIDENCE))
    document = json.loads(await terminal.run("gate", "--line", LINE, "--json"))
    assert document["v"] == 1
    assert document["verdict"]["spa"] == EVIDENCE["spa"]
    assert document["verdict"]["stage"]["state"] == "champion"


async def test_a_person_leads_a_challenger_to_champion_and_back(
    nights: Backend, terminal: Terminal
) -> None:
    set_ = ("policies", "settings", LINE, "--shadow-sessions", "1", "--promotion", "approval")
    assert "1 shadow sessions, promotion by approval" in await terminal.run(*set_)
    await announce(nights, trial(), verdict("v1", promoted=True))
    assert "shadow 0 of 1 (replayed over" in await terminal.run("policies", "show", LINE)
    yes = ("policies", "approve", LINE, "--reason", "I looked")
    assert "is shadow" in await terminal.run(*yes, CHALLENGER, code=4)
    await announce(nights, report(0))
    assert f"champion {CHALLENGER}" in await terminal.run(*yes)
    back = await terminal.run("policies", "rollback", LINE, "--reason", "too wild", "--json")
    assert json.loads(back)["line"]["champion"] == CHAMPION


def _info(url: str) -> ClusterInfo:
    return ClusterInfo(
        pid=os.getpid(),
        url=url,
        scheduler_url="",
        market_url="",
        database_url="",
        redis_url="",
        pools=("XNYS",),
        clock="wall",
        demo=True,
        operator="otto",
        history="",
        artifacts="",
        logs="",
    )
