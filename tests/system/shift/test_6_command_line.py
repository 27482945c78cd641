"""The verbs on a running cluster, as a person runs them: stable JSON, exit codes, words."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.command_line import shiftdesk
from tests.support.demo import Demo
from tests.support.people import until

pytestmark = [pytest.mark.system, pytest.mark.timeout(300)]

READING = {
    ("status",): {"running", "url", "market_time", "speed", "desks", "pods", "scaling", "plan"},
    ("schedule", "show"): {"now", "speed", "plans"},
    ("pods",): {"pods", "scaling"},
    ("desks",): {"desks"},
    ("override", "list"): {"overrides"},
    ("policies", "list"): {"lines"},
    ("policies", "verdicts"): {"verdicts"},
    ("instructions", "list"): {"versions", "labels"},
    ("instructions", "show", "1"): {"version", "text"},
    ("instructions", "diff", "1", "1"): {"before", "after", "diff"},
    ("data", "list"): {"series"},
    ("config", "show"): {"settings"},
    ("doctor",): {"findings"},
}


class Terminal:
    """A folder in which the cluster is the running one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def run(self, *arguments: str, code: int = 0) -> str:
        """What a verb prints: stdout when it should succeed, else stderr."""
        done = await asyncio.to_thread(shiftdesk, self.folder, *arguments)
        assert done.returncode == code, done.stderr
        assert "Traceback" not in done.stderr
        return done.stderr if code else done.stdout

    async def json(self, *arguments: str) -> Any:
        document = json.loads(await self.run(*arguments, "--json"))
        assert document["v"] == 1
        return document


@pytest.fixture
def terminal(shift: Demo, tmp_path: Path) -> Terminal:
    (tmp_path / ".shiftdesk").symlink_to(shift.cluster.state.root)
    return Terminal(tmp_path)


async def test_every_reading_verb_prints_one_stable_document(terminal: Terminal) -> None:
    for verb, names in READING.items():
        document = await terminal.json(*verb)
        assert names <= set(document), verb


async def test_a_table_shows_identities_whole(terminal: Terminal) -> None:
    lines = await terminal.json("policies", "list")
    shown = await terminal.run("policies", "list")
    for line in lines["lines"]:
        assert line["id"] in shown


async def test_a_trace_leads_from_an_order_and_its_signal_to_the_fill(
    shift: Demo, terminal: Terminal
) -> None:
    async with shift.person("trader1") as trader:
        filled = await until(lambda: _filled(trader), 120.0, what="a filled order of a decision")
        signals = (await trader.get("/signals", limit=200))["items"]
    steps = (await terminal.json("trace", filled["id"]))["steps"]
    assert [step["what"] for step in steps[:2]] == ["cause", "order"]
    assert filled["bar_end"] in steps[0]["detail"]
    assert any(step["what"] == "fill" for step in steps)
    assert steps[-1]["detail"].startswith("filled")
    signal = next(
        s
        for s in signals
        if s["bar_end"] == filled["bar_end"] and s["instrument"] == filled["instrument"]
    )
    steps = (await terminal.json("trace", signal["id"]))["steps"]
    assert any(s["what"] == "order" and filled["id"] in s["detail"] for s in steps)
    assert any(s["what"] == "because" for s in steps)
    assert "momentum" in await terminal.run("trace", signal["id"])


async def test_a_trace_of_an_answer_tells_its_facts(shift: Demo, terminal: Terminal) -> None:
    async with shift.person("trader1") as trader:
        thread = (await trader.post("/threads", {"title": "traced"}))["id"]
        answer, _ = await trader.ask("What is my cash?", thread)
        run = (await trader.get(f"/threads/{thread}/messages"))["items"][-1]["run_id"]
    steps = (await terminal.json("trace", run))["steps"]
    told = {step["what"]: step["detail"] for step in steps}
    assert told["question"] == "What is my cash?"
    assert told["answer"] == answer
    assert "cash" in told["fact"]
    assert "instructions version" in told["by"]


async def test_an_override_is_previewed_set_traced_and_ended(
    shift: Demo, terminal: Terminal
) -> None:
    until_ = f"{shift.now() + shift.cluster.clock.market_span(60.0):%Y-%m-%dT%H:%MZ}"
    wish = ("--scope", "pool:XNYS", "--phase", "paused", "--until", until_)
    preview = await terminal.json("schedule", "preview", *wish)
    assert {change["after"]["phase"] for change in preview["changes"]} == {"paused"}
    assert (await terminal.json("override", "list"))["overrides"] == []
    made = await terminal.json("override", "set", *wish, "--reason", "a test of the verb")
    identity = made["override"]["id"]
    assert identity in await terminal.run("override", "list")
    await terminal.run("override", "end", identity)
    steps = (await terminal.json("trace", identity))["steps"]
    assert [step["what"] for step in steps] == ["override_set", "override_ended"]
    assert "a test of the verb" in steps[0]["detail"]


async def test_instructions_are_kept_compared_promoted_and_rolled_back(terminal: Terminal) -> None:
    production = (await terminal.json("instructions", "list"))["labels"]["production"]
    (terminal.folder / "new.txt").write_text("Answer in one sentence.\n")
    made = await terminal.json("instructions", "edit", "new.txt")
    version = str(made["version"])
    assert "Answer in one sentence." in await terminal.run("instructions", "show", version)
    assert "+Answer in one sentence." in await terminal.run("instructions", "diff", "1", version)
    await terminal.run("instructions", "promote", version)
    assert (await terminal.json("instructions", "list"))["labels"]["production"] == made["version"]
    await terminal.run("instructions", "rollback")
    after = (await terminal.json("instructions", "list"))["labels"]["production"]
    assert after < made["version"]
    await terminal.run("instructions", "promote", str(production))


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("trace", "nonsense"), 3, "no order, signal, answer or override 'nonsense'"),
        (("trace", "--as", "nobody", "nonsense"), 3, "login or password is wrong"),
        (("instructions", "show", "999"), 3, "999"),
        (("instructions", "diff", "1", "999"), 3, "999"),
        (("instructions", "promote", "999"), 3, "999"),
        (("instructions", "edit", "no.txt"), 2, "no.txt cannot be read"),
        (("instructions", "show", "one"), 2, "Invalid value"),
        (("override", "end", "nonsense"), 3, "nonsense"),
        (("policies", "rollback", "nonsense", "--reason", "a good reason"), 3, "nonsense"),
        (("gate", "--line", "nonsense"), 3, "no verdict yet"),
    ],
)
async def test_what_is_not_there_is_said_in_words(
    terminal: Terminal, arguments: tuple[str, ...], code: int, words: str
) -> None:
    assert words in await terminal.run(*arguments, code=code)


@pytest.mark.parametrize(
    ("scope", "until_", "words"),
    [
        ("pool:XNYS", "soon", "--until 'soon'"),
        ("pool:XNYS", "2012-01-01T00:00Z", "override_ends_in_past"),
        ("pool:NONE", "2012-10-20T20:00Z", "no pool 'NONE'"),
        ("everything", "2012-10-20T20:00Z", "everything"),
    ],
)
async def test_a_wrong_preview_is_a_usage_error(
    terminal: Terminal, scope: str, until_: str, words: str
) -> None:
    wish = ("--scope", scope, "--phase", "paused", "--until", until_)
    assert words in await terminal.run("schedule", "preview", *wish, code=2)


async def _filled(trader: Any) -> Any:
    orders = (await trader.get("/orders", limit=200))["items"]
    return next((o for o in orders if o["source"] == "decision" and o["state"] == "filled"), None)
