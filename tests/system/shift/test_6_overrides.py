"""An override takes, is seen in the pods, and expires by itself; a wrong one is refused."""

from datetime import timedelta

import pytest

from tests.support.demo import Demo
from tests.support.people import Person, until
from tests.support.terminal import Terminal

pytestmark = [pytest.mark.system, pytest.mark.timeout(300)]

AT_WORK = {"trading", "learning"}


async def test_an_override_takes_and_expires(shift: Demo) -> None:
    async with shift.person("operator") as operator:
        await until(lambda: _phases(operator, AT_WORK), 60.0, what="pods at work")
        ends = shift.now() + shift.cluster.clock.market_span(25.0)
        body = {
            "scope": "pool:XNYS",
            "phase": "paused",
            "ends": ends.isoformat(),
            "reason": "system test",
        }
        preview = await operator.post("/schedule/preview", body)
        assert {change["after"]["phase"] for change in preview["changes"]} == {"paused"}
        made = await operator.post("/overrides", body)
        await until(lambda: _phases(operator, {"paused"}), 20.0, what="all pods paused")
        await until(lambda: _no_longer(operator, made["id"]), 60.0, what="the override's end")
        await until(lambda: _phases(operator, AT_WORK), 20.0, what="pods back at work")
        audit = (await operator.get("/audit"))["items"]
        assert any(made["id"] in row["subject"] for row in audit)


async def test_an_override_is_previewed_set_traced_and_ended(
    shift: Demo, terminal: Terminal
) -> None:
    until_ = f"{shift.now() + shift.cluster.clock.market_span(240.0):%Y-%m-%dT%H:%MZ}"
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


async def test_an_override_that_ends_before_it_starts_is_refused(shift: Demo) -> None:
    async with shift.person("operator") as operator:
        now = shift.now()
        body = {
            "scope": "all",
            "phase": "paused",
            "starts": (now + timedelta(hours=3)).isoformat(),
            "ends": (now + timedelta(hours=2)).isoformat(),
            "reason": "the wrong way round",
        }
        problem = await operator.post("/overrides", body, status=422)
        assert problem["code"] == "override_ends_before_start"
        assert problem["detail"]
        assert (await operator.get("/overrides"))["items"] == []


async def test_a_trader_may_not_override(shift: Demo) -> None:
    async with shift.person("trader1") as trader:
        body = {
            "scope": "all",
            "phase": "paused",
            "ends": (shift.now() + timedelta(hours=2)).isoformat(),
            "reason": "not mine to say",
        }
        await trader.post("/overrides", body, status=403)


async def _phases(operator: Person, allowed: set[str]) -> bool:
    pods = (await operator.get("/pods"))["items"]
    return {pod["heartbeat"]["phase"] for pod in pods} <= allowed


async def _no_longer(operator: Person, override: str) -> bool:
    live = (await operator.get("/overrides"))["items"]
    return override not in {one["id"] for one in live}
