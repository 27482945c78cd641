"""`shiftdesk pods`: who holds each pod and why, who sits where, and what scaling does next."""

from typing import Any

import typer

from shiftdesk.api import connect
from shiftdesk.examples import examples
from shiftdesk.output import AsJson, console, print_json, print_table


def register(app: typer.Typer) -> None:
    app.command("pods", epilog=examples("pods", "pods --json"))(pods)


def pods(as_json: AsJson = False) -> None:
    """Every pod: phase, seats, agents, memory; the next scaling action and its reason."""
    found = connect().get("/pods")
    if as_json:
        return print_json({"pods": found["items"], "scaling": found["scaling"]})
    print_pods(found)
    return None


def print_pods(found: dict[str, Any]) -> None:
    """A table of pods, then a line for each pool's scaling."""
    rows = [_row(pod) for pod in found["items"]]
    print_table(("pod", "phase", "why", "seats", "agents", "memory"), rows)
    for scaling in found["scaling"]:
        console.print(
            f"{scaling['pool']}: {scaling['wanted_pods']} wanted ({scaling['reason']}); "
            f"next: {scaling['next_action']}"
        )


def _row(pod: dict[str, Any]) -> tuple[object, ...]:
    seats = f"{len(pod['desks'])}/{len(pod['desks']) + pod['free_seats']}"
    beat = pod["heartbeat"]
    if beat is None:
        return pod["pod"], "silent", "no heartbeat", seats, "", ""
    agents = ", ".join(f"{a['name']} {a['state']}" for a in beat["agents"] if a["pid"])
    memory = sum(agent["pss_bytes"] or agent["rss_bytes"] for agent in beat["agents"]) / 1e6
    phase = "draining" if pod["draining"] else beat["phase"]
    return pod["pod"], phase, beat["phase_reason"], seats, agents, f"{memory:.0f} MB"
