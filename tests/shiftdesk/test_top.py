"""`shiftdesk top`: what a screen shows, and what it leaves out where there is no room."""

from typing import Any

from rich.console import Console

from shiftdesk.verbs.top import Glance, screen


def agent(name: str, **values: object) -> dict[str, Any]:
    nothing = {"pid": None, "cpu_seconds": 0.0, "pss_bytes": 0, "rss_bytes": 0}
    return {"name": name, "state": "dormant", **nothing, **values}


def pod(name: str, cpu_seconds: float = 10.0) -> dict[str, Any]:
    working = agent("trading", state="active", pid=7, cpu_seconds=cpu_seconds, pss_bytes=57_000_000)
    agents = [working, agent("learning", state="faulted"), agent("chatbot")]
    switch = {"to_phase": "trading", "late_seconds": 0.04}
    beat = {"pod": name, "phase": "trading", "agents": agents, "last_switch": switch}
    seats = [{"name": "one"}, {"name": "two"}]
    return {"pod": name, "heartbeat": beat, "desks": seats, "free_seats": 8, "draining": False}


def glance(at: float, *pods: dict[str, Any], desks: int = 2) -> Glance:
    segment = {
        "phase": "trading",
        "starts": "2012-10-15T13:30:00Z",
        "ends": "2012-10-15T20:00:00Z",
        "reason": "XNYS open",
    }
    scaling = {"pool": "XNYS", "next_action": "none", "reason": "2 seated need 1"}
    schedule = {
        "now": "2012-10-15T16:19:00Z",
        "speed": 600.0,
        "plans": [{"pool": "XNYS", "segments": [segment]}],
    }
    desk = {
        "name": "Main",
        "seat": None,
        "waiting": {"place": 3},
        "automatic": True,
        "policy_version": None,
        "cash": "1000",
        "currency": "USD",
    }
    found = [{**desk, "owner": f"trader{number}"} for number in range(desks)]
    return Glance(at, {"items": list(pods), "scaling": [scaling]}, schedule, found)


def text_of(*arguments: Any) -> str:
    console = Console(width=160, color_system=None)
    with console.capture() as captured:
        console.print(screen("http://here", *arguments))
    return captured.get()


def test_it_shows_the_plan_the_pods_and_the_desks() -> None:
    shown = text_of(glance(1.0, pod("pod-1")))
    assert "market time 2012-10-15 16:19 UTC, 600×" in shown
    assert "XNYS: trading until 2012-10-15 20:00 UTC (XNYS open)" in shown
    assert "■■□□□□□□□□ 2/10" in shown
    assert "active 57 MB" in shown
    assert "faulted" in shown
    assert "trading, 0.0 s late" in shown
    assert "waits, place 3" in shown


def test_the_processors_share_is_that_between_two_looks() -> None:
    before = glance(1.0, pod("pod-1", 10.0), pod("pod-2", 50.0))
    shown = text_of(glance(3.0, pod("pod-1", 11.0), pod("pod-2", 50.0)), before)
    assert "active 50 % 57 MB" in shown
    assert "active 0 % 57 MB" in shown, "another pod's process may have the same number"


def test_a_silent_pod_is_told() -> None:
    assert "silent" in text_of(glance(1.0, pod("pod-1") | {"heartbeat": None}))


def test_desks_that_have_no_room_are_counted() -> None:
    shown = text_of(glance(1.0, pod("pod-1"), desks=40), None, 30)
    assert "and 23 more" in shown
    assert "trader16" in shown
    assert "trader17" not in shown
