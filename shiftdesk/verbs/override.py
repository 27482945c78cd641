"""`shiftdesk override set|list|end`: an operator's changes of the plan, previewed and audited."""

from typing import Annotated

import typer

from shiftdesk.api import connect
from shiftdesk.examples import examples
from shiftdesk.output import AsJson, console, minute, print_json, print_table
from shiftdesk.verbs.schedule import (
    PhaseOption,
    Reason,
    Scope,
    Until,
    override_body,
    print_changes,
)

group = typer.Typer(
    help="Overrides of the plan: each has an owner, a reason and an end.",
    epilog=examples(
        "override list",
        'override set --scope all --phase paused --until 2012-10-16T15:00Z --reason "venue outage"',
        "override end OVERRIDE",
    ),
)


def register(app: typer.Typer) -> None:
    app.add_typer(group, name="override")


@group.command(
    "set",
    epilog=examples(
        'override set --scope pool:XNYS --phase paused --until 2012-10-16T15:00Z --reason "outage"'
    ),
)
def set_(
    scope: Scope, phase: PhaseOption, until: Until, reason: Reason, as_json: AsJson = False
) -> None:
    """Set an override; prints first what it changes."""
    api = connect()
    body = override_body(scope, phase, until, reason)
    if not as_json:
        print_changes(api.post("/schedule/preview", body))
    made = api.post("/overrides", body)
    if as_json:
        return print_json({"override": made})
    console.print(f"[green]✓[/] override {made['id']} holds until {minute(made['ends'])} UTC")
    return None


@group.command("list", epilog=examples("override list", "override list --ended --json"))
def list_(
    ended: Annotated[bool, typer.Option("--ended", help="those that are over too")] = False,
    as_json: AsJson = False,
) -> None:
    """The overrides that hold or will."""
    found = connect().get("/overrides", ended=ended)["items"]
    if as_json:
        return print_json({"overrides": found})
    columns = ("id", "scope", "phase", "from (UTC)", "until", "owner", "reason")
    rows = [
        (
            o["id"],
            o["scope"],
            o["phase"],
            minute(o["starts"]),
            minute(o["ends"]),
            o["owner"],
            o["reason"],
        )
        for o in found
    ]
    return print_table(columns, rows)


@group.command("end", epilog=examples("override end OVERRIDE"))
def end(override: Annotated[str, typer.Argument(help="its id")], as_json: AsJson = False) -> None:
    """End an override now."""
    ended = connect().delete(f"/overrides/{override}")
    if as_json:
        return print_json({"override": ended})
    console.print(f"[green]✓[/] override {override} ended")
    return None
