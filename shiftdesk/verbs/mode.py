"""`shiftdesk mode show|live|paper`: whether a desk's orders go to a real venue."""

from typing import Annotated, Any

import typer

from shiftdesk.api import Api, connect
from shiftdesk.errors import UsageProblem
from shiftdesk.examples import examples
from shiftdesk.output import AsJson, console, print_json, print_table

Desk = Annotated[str, typer.Argument(help="the desk's name or id")]

group = typer.Typer(
    help="Paper or live: going live takes a sentence that you type.",
    epilog=examples("mode show trader1", "mode live trader1"),
)


def register(app: typer.Typer) -> None:
    app.add_typer(group, name="mode")


@group.command("show", epilog=examples("mode show trader1", "mode show trader1 --json"))
def show(desk: Desk, as_json: AsJson = False) -> None:
    """The desk's mode, the configured venue, and whether the books agree there."""
    api = connect()
    found = api.get("/venue", desk=_desk(api, desk)["id"])
    if as_json:
        return print_json({"venue": found})
    books = "agree" if found["agreed"] else "differ"
    console.print(f"{found['mode']}; venue {found['venue'] or 'not configured'}; the books {books}")
    columns = ("kind", "subject", "ours", "theirs", "found")
    rows = [
        (one["kind"], one["subject"], one["ours"], one["theirs"], one["found_at"])
        for one in found["differences"]
    ]
    return print_table(columns, rows) if rows else None


@group.command("live", epilog=examples("mode live trader1"))
def live(desk: Desk) -> None:
    """Bring a desk live. You type the sentence that is asked for; nothing else will do."""
    api = connect()
    its = _desk(api, desk)
    wanted = api.get("/venue", desk=its["id"])["confirmation"]
    if wanted is None:
        raise UsageProblem(
            "live trading is off", "set SHIFTDESK_LIVE=true, SHIFTDESK_BROKER and its keys"
        )
    console.print(f"[bold red]Real orders[/] will be sent. To confirm, type: {wanted}")
    typed = typer.prompt("", prompt_suffix="> ")
    body = {"mode": "live", "confirmation": typed.strip()}
    api.call("PUT", "/desk/mode", params={"desk": its["id"]}, json=body)
    console.print(f"[green]✓[/] {its['name']} is live")


@group.command("paper", epilog=examples("mode paper trader1"))
def paper(desk: Desk) -> None:
    """Bring a desk back to paper."""
    api = connect()
    its = _desk(api, desk)
    api.call("PUT", "/desk/mode", params={"desk": its["id"]}, json={"mode": "paper"})
    console.print(f"[green]✓[/] {its['name']} trades on paper")


def _desk(api: Api, name: str) -> dict[str, Any]:
    for desk in api.items("/desks"):
        if name in (desk["id"], desk["name"], desk["owner"]):
            return dict(desk)
    raise UsageProblem(f"there is no desk {name!r}", "shiftdesk desks")
