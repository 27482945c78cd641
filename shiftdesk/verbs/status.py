"""`shiftdesk status`, and the bare command: everything on one screen, and the next step."""

from typing import Any

import typer

from shiftdesk.api import connect, elsewhere
from shiftdesk.configuration import STATE
from shiftdesk.examples import examples
from shiftdesk.local.state import StateFolder
from shiftdesk.output import AsJson, console, minute, print_json
from shiftdesk.planned import now_and_next
from shiftdesk.verbs.pods import print_pods


def register(app: typer.Typer) -> None:
    app.command("status", epilog=examples("status", "status --json"))(status)


def status(as_json: AsJson = False) -> None:
    """What the bare command shows."""
    show(as_json=as_json)


def show(*, as_json: bool) -> None:
    """Print the status; without an installation or a running cluster, how to start one."""
    far = elsewhere()
    if not far and StateFolder(STATE).running() is None:
        if as_json:
            return print_json({"running": False})
        console.print("no cluster runs here\nnext: [bold]shiftdesk up --demo[/]")
        return None
    api = connect()
    pods, schedule = api.get("/pods"), api.get("/schedule", hours=24)
    document = {
        "running": True,
        "url": api.url,
        "market_time": schedule["now"],
        "speed": schedule["speed"],
        "desks": sum(len(pod["desks"]) for pod in pods["items"]),
        "pods": [_pod(pod) for pod in pods["items"]],
        "scaling": pods["scaling"],
        "plan": [now_and_next(plan, schedule["now"]) for plan in schedule["plans"]],
    }
    if as_json:
        return print_json(document)
    console.print(f"[bold]{api.url}[/]   market time {minute(schedule['now'])} UTC")
    for line in document["plan"]:
        console.print(line["sentence"])
    print_pods(pods)
    ends = "" if far else "; Ctrl-C or shiftdesk down ends it"
    console.print(f"next: open the page, or [bold]shiftdesk chat[/]{ends}")
    return None


def _pod(pod: dict[str, Any]) -> dict[str, Any]:
    beat = pod["heartbeat"]
    return {
        "pod": pod["pod"],
        "desks": len(pod["desks"]),
        "phase": beat["phase"] if beat else None,
        "reason": beat["phase_reason"] if beat else None,
        "state": beat["state"] if beat else "silent",
        "agents": {a["name"]: a["state"] for a in beat["agents"]} if beat else {},
    }
