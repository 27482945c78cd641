"""`shiftdesk schedule show|preview`: the plan, and what an override would change."""

from typing import Annotated, Any

import typer

from ai_pod.contracts.plan import Phase
from market.clock import parse_instant
from shiftdesk.api import connect
from shiftdesk.errors import UsageProblem
from shiftdesk.examples import examples
from shiftdesk.output import AsJson, console, minute, print_json, print_table

group = typer.Typer(
    help="The plan: which agent holds the pods from when until when, and why.",
    epilog=examples(
        "schedule show", "schedule preview --scope all --phase learning --until 2012-10-16T15:00Z"
    ),
)

Scope = Annotated[str, typer.Option(help="all, pool:NAME or pod:NAME")]
PhaseOption = Annotated[Phase, typer.Option(help="what shall hold the pods")]
Until = Annotated[str, typer.Option(help="its end in market time, such as 2012-10-16T15:00Z")]
Reason = Annotated[str, typer.Option(help="why, for the audit")]


def register(app: typer.Typer) -> None:
    app.add_typer(group, name="schedule")


@group.command("show", epilog=examples("schedule show", "schedule show --hours 336 --json"))
def show(
    hours: Annotated[int, typer.Option(help="how far ahead")] = 72, as_json: AsJson = False
) -> None:
    """The plan from now on."""
    schedule = connect().get("/schedule", hours=hours)
    if as_json:
        return print_json(schedule)
    console.print(f"market time {minute(schedule['now'])} UTC, {schedule['speed']:g}×")
    for plan in schedule["plans"]:
        rows = [_row(segment, schedule["now"]) for segment in plan["segments"]]
        columns = ("", "phase", "from (UTC)", "until", "reason")
        print_table(columns, rows, title=f"pool {plan['pool']}, version {plan['version']}")
        for pod, segments in plan["exceptions"].items():
            print_table(columns, [_row(s, schedule["now"]) for s in segments], title=f"only {pod}")
    return None


@group.command(
    "preview",
    epilog=examples("schedule preview --scope pool:XNYS --phase paused --until 2012-10-16T15:00Z"),
)
def preview(
    scope: Scope,
    phase: PhaseOption,
    until: Until,
    reason: Reason = "preview",
    as_json: AsJson = False,
) -> None:
    """What an override would change; changes nothing."""
    found = connect().post("/schedule/preview", override_body(scope, phase, until, reason))
    if as_json:
        return print_json(found)
    print_changes(found)
    return None


def override_body(scope: str, phase: Phase, until: str, reason: str) -> dict[str, Any]:
    """The request. Raises UsageProblem when the end is no instant."""
    try:
        ends = parse_instant(until)
    except ValueError as error:
        raise UsageProblem(f"--until {until!r}: {error}", "such as 2012-10-16T15:00Z") from error
    return {"scope": scope, "phase": phase, "ends": ends.isoformat(), "reason": reason}


def print_changes(found: dict[str, Any]) -> None:
    """Print a preview's changes."""
    for warning in found["warnings"]:
        console.print(f"[yellow]![/] {warning}")
    if not found["changes"]:
        console.print("it would change nothing")
        return
    rows = [
        (
            change["pod"] or change["pool"],
            minute(change["starts"]),
            minute(change["ends"]),
            change["before"]["phase"],
            change["after"]["phase"],
        )
        for change in found["changes"]
    ]
    print_table(("where", "from (UTC)", "until", "before", "after"), rows)


def _row(segment: dict[str, Any], now: str) -> tuple[object, ...]:
    holds = segment["starts"] <= now < segment["ends"]
    mark = "▶" if holds else ""
    ends = minute(segment["ends"])
    return mark, segment["phase"], minute(segment["starts"]), ends, segment["reason"]
