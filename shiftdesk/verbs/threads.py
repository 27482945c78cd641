"""`shiftdesk threads list|search|show|rename|export|delete`: conversations with the chatbot."""

import sys
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from shiftdesk.api import DEMO_TRADER, Api, connect
from shiftdesk.errors import UsageProblem
from shiftdesk.examples import examples
from shiftdesk.output import AsJson, console, minute, print_json, print_table

AT_ONCE = 100
"""The most that a page of a search holds."""


class Form(StrEnum):
    """Of an export: for programs, for people."""

    JSON = "json"
    MARKDOWN = "markdown"


group = typer.Typer(
    help="Your conversations with the chatbot: find, read, take along, delete.",
    epilog=examples("threads list", 'threads search "apple fees"', "threads show THREAD"),
)

Thread = Annotated[str, typer.Argument(help="its id: `threads list` shows it")]
User = Annotated[str, typer.Option("--as", help="whose; at the demo: trader1")]


def register(app: typer.Typer) -> None:
    app.add_typer(group, name="threads")


@group.command("list", epilog=examples("threads list", "threads list --as trader2 --json"))
def list_(user: User = "", as_json: AsJson = False) -> None:
    """Your conversations, newest first."""
    found = list(connect(user, demo=DEMO_TRADER).items("/threads"))
    if as_json:
        return print_json({"threads": found})
    return print_table(("id", "title", "changed (UTC)", ""), [_row(one) for one in found])


@group.command(
    "search", epilog=examples('threads search "apple fees"', "threads search fee --json")
)
def search(
    words: Annotated[str, typer.Argument(help="words, or how they begin; all must be there")],
    user: User = "",
    as_json: AsJson = False,
) -> None:
    """Conversations whose title or messages hold all the words, with what was said."""
    api = connect(user, demo=DEMO_TRADER)
    found = list(api.items("/threads/search", AT_ONCE, q=words))
    if as_json:
        return print_json({"words": words, "found": found})
    rows = [
        (
            one["thread"]["id"],
            one["thread"]["title"],
            " … ".join(e["text"] for e in one["excerpts"]),
        )
        for one in found
    ]
    return print_table(("id", "title", "said"), rows)


@group.command("show", epilog=examples("threads show THREAD", "threads show THREAD --json"))
def show(thread: Thread, user: User = "", as_json: AsJson = False) -> None:
    """One conversation, oldest first."""
    api = connect(user, demo=DEMO_TRADER)
    messages = list(api.items(f"/threads/{thread}/messages"))
    if as_json:
        return print_json({"thread": thread, "messages": messages})
    for message in messages:
        who = "you" if message["role"] == "user" else "shiftdesk"
        console.print(f"[bold]{who}[/]  [dim]{minute(message['created_at'])} UTC[/]")
        console.print(message["text"], markup=False)
    return None


@group.command("rename", epilog=examples('threads rename THREAD "Fees in February"'))
def rename(
    thread: Thread,
    title: Annotated[str, typer.Argument(help="the new title")],
    user: User = "",
    as_json: AsJson = False,
) -> None:
    """Give a conversation another title."""
    api = connect(user, demo=DEMO_TRADER)
    changed = api.call("PATCH", f"/threads/{thread}", json={"title": title})
    if as_json:
        return print_json({"thread": changed})
    console.print(f"[green]✓[/] {thread}: ", end="")
    return console.print(changed["title"], markup=False)


@group.command(
    "export",
    epilog=examples(
        "threads export --out conversations.json",
        "threads export THREAD --form markdown --out fees.md",
    ),
)
def export(
    thread: Annotated[str | None, typer.Argument(help="its id; without one all of them")] = None,
    form: Annotated[Form, typer.Option(help="for programs, or for people")] = Form.JSON,
    out: Annotated[Path | None, typer.Option(help="a file; without one standard output")] = None,
    user: User = "",
) -> None:
    """Take conversations along as one document, with sources and ratings."""
    api = connect(user, demo=DEMO_TRADER)
    path = f"/threads/{thread}/export" if thread else "/threads/export"
    pieces = _pieces(api, f"{path}?form={form}")
    if out is None:
        for piece in pieces:
            sys.stdout.write(piece)
        return
    _keep(out, pieces)
    console.print(f"[green]✓[/] {out}")


@group.command("delete", epilog=examples("threads delete THREAD", "threads delete THREAD --yes"))
def delete(
    thread: Thread,
    yes: Annotated[bool, typer.Option("--yes", help="do not ask first")] = False,
    user: User = "",
) -> None:
    """Delete a conversation with its messages and ratings, for good."""
    if not yes and not sys.stdin.isatty():
        raise UsageProblem("nobody is here to be asked whether to delete it", "--yes")
    if not yes:
        typer.confirm(f"Delete {thread} for good?", abort=True)
    connect(user, demo=DEMO_TRADER).delete(f"/threads/{thread}")
    console.print(f"[green]✓[/] {thread} is deleted")


def _row(thread: dict[str, Any]) -> tuple[str, ...]:
    state = "is being answered" if thread["running"] else ""
    return thread["id"], thread["title"], minute(thread["updated_at"]), state


def _pieces(api: Api, path: str) -> Iterator[str]:
    with api.stream("GET", path) as response:
        yield from response.iter_text()


def _keep(path: Path, pieces: Iterator[str]) -> None:
    """All of it or nothing: a stream that breaks off leaves an older file as it was."""
    beside = path.with_name(f"{path.name}.part")
    try:
        with beside.open("w", encoding="utf-8") as file:
            file.writelines(pieces)
        beside.replace(path)
    except OSError as error:
        raise UsageProblem(
            f"{path} cannot be written: {error.strerror}", "another --out"
        ) from error
    finally:
        beside.unlink(missing_ok=True)
