"""`shiftdesk keys make|list|revoke`: with which programs enter a desk."""

from enum import StrEnum
from typing import Annotated

import typer

from shiftdesk.api import DEMO_TRADER, connect
from shiftdesk.examples import examples
from shiftdesk.output import AsJson, console, minute, print_json, print_table


class KeyScope(StrEnum):
    """As the API knows them."""

    CHAT = "chat"
    READ = "read"


group = typer.Typer(
    help="Keys with which programs enter your desk: OpenAI's clients, and MCP.",
    epilog=examples("keys make notebook --scope chat --days 30", "keys list"),
)

User = Annotated[str, typer.Option("--as", help="whose desk; at the demo: trader1")]


def register(app: typer.Typer) -> None:
    app.add_typer(group, name="keys")


@group.command(
    "make",
    epilog=examples(
        "keys make notebook --scope chat --days 30", "keys make agent --scope read --json"
    ),
)
def make(
    name: Annotated[str, typer.Argument(help="what it is for")],
    scope: Annotated[
        list[KeyScope] | None,
        typer.Option(help="chat opens /v1/chat/completions, read opens /mcp; both without this"),
    ] = None,
    days: Annotated[int, typer.Option(min=1, max=365, help="until it expires")] = 90,
    user: User = "",
    as_json: AsJson = False,
) -> None:
    """Make a key. It is shown once."""
    api = connect(user, demo=DEMO_TRADER)
    body = {"name": name, "scopes": scope or [*KeyScope], "expires_in_days": days}
    made = api.post("/desk/keys", body)
    if as_json:
        return print_json({"url": api.url, "key": made})
    console.print(f"[green]✓[/] {made['prefix']}… until {minute(made['expires_at'])} UTC")
    console.print(made["key"], markup=False)
    console.print("  Keep it now: it is not shown again.")
    console.print(f"  → OpenAI's clients: base URL {api.url}/v1; MCP: {api.url}/mcp")
    return None


@group.command("list", epilog=examples("keys list", "keys list --as trader2 --json"))
def list_(user: User = "", as_json: AsJson = False) -> None:
    """The desk's keys, newest first."""
    found = list(connect(user, demo=DEMO_TRADER).items("/desk/keys"))
    if as_json:
        return print_json({"keys": found})
    rows = [
        (
            one["id"],
            one["name"],
            one["prefix"] + "…",
            " ".join(one["scopes"]),
            one["state"],
            minute(one["expires_at"]),
            minute(one["last_used_at"] or "never"),
        )
        for one in found
    ]
    return print_table(
        ("id", "name", "begins", "scopes", "state", "expires (UTC)", "last used"), rows
    )


@group.command("revoke", epilog=examples("keys revoke KEY"))
def revoke(
    key: Annotated[str, typer.Argument(help="its id")], user: User = "", as_json: AsJson = False
) -> None:
    """Revoke a key: its next request is refused."""
    revoked = connect(user, demo=DEMO_TRADER).delete(f"/desk/keys/{key}")
    if as_json:
        return print_json({"key": revoked})
    console.print(f"[green]✓[/] {revoked['prefix']}… opens nothing any more")
    return None
