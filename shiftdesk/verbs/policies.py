"""`shiftdesk policies list|verdicts|rollback`: champions, and what the gate said."""

from typing import Annotated

import typer

from shiftdesk.api import connect
from shiftdesk.errors import NotFound
from shiftdesk.output import AsJson, console, print_json, print_table

group = typer.Typer(help="Policy lines, their champions, and the gate's verdicts.")


def register(app: typer.Typer) -> None:
    app.add_typer(group, name="policies")


@group.command("list")
def list_(as_json: AsJson = False) -> None:
    """Every policy line with its champion."""
    lines = list(connect().items("/policies"))
    if as_json:
        return print_json({"lines": lines})
    rows = [(line["id"], line["champion"], line["trials"], line["desks"]) for line in lines]
    return print_table(("line", "champion", "trials", "desks"), rows)


@group.command("verdicts")
def verdicts(
    limit: Annotated[int, typer.Option(help="how many")] = 10, as_json: AsJson = False
) -> None:
    """The gate's last verdicts."""
    found = connect().get("/verdicts", limit=limit)["items"]
    if as_json:
        return print_json({"verdicts": found})
    rows = [(v["night"], v["policy_line"], v["verdict"], v["sentence"]) for v in found]
    return print_table(("night", "line", "verdict", "why"), rows)


@group.command("rollback")
def rollback(
    line: Annotated[str, typer.Argument(help="the policy line")],
    reason: Annotated[str, typer.Option(help="why, for the audit")],
    as_json: AsJson = False,
) -> None:
    """Give the line its former champion back."""
    api = connect()
    champions = {known["id"]: known["champion"] for known in api.items("/policies")}
    if line not in champions:
        raise NotFound(f"there is no policy line {line!r}", "shiftdesk policies list")
    champion = champions[line]
    changed = api.post(f"/policies/lines/{line}/rollback", {"champion": champion, "reason": reason})
    if as_json:
        return print_json({"line": changed})
    console.print(f"[green]✓[/] {line}: champion {changed['champion']}")
    return None
