"""The verbs on a running cluster, as a person runs them: stable JSON, exit codes, words."""

import asyncio
from typing import Any

import pytest

from tests.support.command_line import shiftdesk
from tests.support.demo import Demo
from tests.support.documented import documents
from tests.support.people import until
from tests.support.terminal import Terminal

pytestmark = [pytest.mark.system, pytest.mark.timeout(300)]

TRIED_ELSEWHERE = {"keys list", "threads list", "budgets show", "budgets list", "data verify"}
"""At a back end alone: `tests/shiftdesk/test_elsewhere.py`."""

NOT_THERE = (
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
)
WRONG_PREVIEWS = {
    ("pool:XNYS", "soon"): "--until 'soon'",
    ("pool:XNYS", "2012-01-01T00:00Z"): "override_ends_in_past",
    ("pool:NONE", "2012-10-20T20:00Z"): "no pool 'NONE'",
    ("everything", "2012-10-20T20:00Z"): "everything",
}
"""Scope and end, and what is said of them."""


async def test_every_reading_verb_prints_the_document_that_is_promised(terminal: Terminal) -> None:
    promised = documents()
    verbs = sorted(promised.keys() - TRIED_ELSEWHERE)
    printed = await asyncio.gather(*(terminal.json(*verb.split()) for verb in verbs))
    for verb, document in zip(verbs, printed, strict=True):
        assert promised[verb] <= set(document), verb


async def test_a_table_shows_identities_whole(terminal: Terminal) -> None:
    """As it is printed by the command that is installed."""
    lines = await terminal.json("policies", "list")
    shown = await asyncio.to_thread(shiftdesk, terminal.folder, "policies", "list")
    assert shown.returncode == 0, shown.stderr
    for line in lines["lines"]:
        assert line["id"] in shown.stdout


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


async def test_what_is_not_there_is_said_in_words(terminal: Terminal) -> None:
    runs = (terminal.run(*arguments, code=code) for arguments, code, _ in NOT_THERE)
    for said, (arguments, _, words) in zip(await asyncio.gather(*runs), NOT_THERE, strict=True):
        assert words in said, arguments


async def test_a_wrong_preview_is_a_usage_error(terminal: Terminal) -> None:
    runs = (terminal.run("schedule", "preview", *_paused(*wish), code=2) for wish in WRONG_PREVIEWS)
    for said, (wish, words) in zip(
        await asyncio.gather(*runs), WRONG_PREVIEWS.items(), strict=True
    ):
        assert words in said, wish


def _paused(scope: str, until_: str) -> tuple[str, ...]:
    return ("--scope", scope, "--phase", "paused", "--until", until_)


async def _filled(trader: Any) -> Any:
    orders = (await trader.get("/orders", limit=200))["items"]
    return next((o for o in orders if o["source"] == "decision" and o["state"] == "filled"), None)
