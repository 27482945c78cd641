"""`shiftdesk instructions list|show|edit|diff|promote|rollback`: what the chatbot is told to do."""

import difflib
from pathlib import Path
from typing import Annotated, Any

import typer

from shiftdesk.api import Api, connect
from shiftdesk.errors import NotFound, UsageProblem
from shiftdesk.output import AsJson, console, print_json, print_table

PRODUCTION = "production"

group = typer.Typer(help="The chatbot's instructions: immutable versions, and labels.")

Version = Annotated[int, typer.Argument(help="version")]


def register(app: typer.Typer) -> None:
    app.add_typer(group, name="instructions")


@group.command("list")
def list_(as_json: AsJson = False) -> None:
    """Versions, and where the labels point."""
    found = connect().get("/instructions")
    if as_json:
        return print_json(found)
    labels = {version: label for label, version in found["labels"].items()}
    rows = [
        (
            v["version"],
            labels.get(v["version"], ""),
            v["created_by"],
            v["text"].splitlines()[0][:60],
        )
        for v in found["versions"]
    ]
    return print_table(("version", "label", "by", "begins"), rows)


@group.command("show")
def show(version: Version, as_json: AsJson = False) -> None:
    """One version, whole."""
    found = connect().get(f"/instructions/{version}")
    if as_json:
        return print_json(found)
    console.print(found["text"], markup=False)
    return None


@group.command("edit")
def edit(
    file: Annotated[Path, typer.Argument(help="the new text")], as_json: AsJson = False
) -> None:
    """Keep a file's text as a new version; nobody uses it before it is promoted."""
    try:
        text = file.read_text()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageProblem(f"{file} cannot be read: {error}", "a file with the text") from error
    made = connect().post("/instructions", {"text": text})
    if as_json:
        return print_json(made)
    version = made["version"]
    console.print(f"[green]✓[/] version {version}\n  → shiftdesk instructions promote {version}")
    return None


@group.command("diff")
def diff(before: Version, after: Version, as_json: AsJson = False) -> None:
    """What changed between two versions."""
    api = connect()
    one, other = (api.get(f"/instructions/{v}")["text"].splitlines() for v in (before, after))
    names = (f"version {before}", f"version {after}")
    lines = list(difflib.unified_diff(one, other, *names, lineterm=""))
    if as_json:
        return print_json({"before": before, "after": after, "diff": lines})
    for line in lines or ["no difference"]:
        console.print(line, markup=False)
    return None


@group.command("promote")
def promote(version: Version, as_json: AsJson = False) -> None:
    """Let the version answer people, from their next question on."""
    api = connect()
    moved = _move(api, version, api.get("/instructions")["labels"].get(PRODUCTION))
    if as_json:
        return print_json(moved)
    console.print(f"[green]✓[/] version {version} answers now")
    return None


@group.command("rollback")
def rollback(as_json: AsJson = False) -> None:
    """Let the version before the present one answer again."""
    api = connect()
    found = api.get("/instructions")
    present = found["labels"].get(PRODUCTION)
    earlier = [v["version"] for v in found["versions"] if v["version"] < (present or 0)]
    if not earlier:
        raise NotFound("there is no earlier version", "shiftdesk instructions list")
    moved = _move(api, max(earlier), present)
    if as_json:
        return print_json(moved)
    console.print(f"[green]✓[/] version {max(earlier)} answers again")
    return None


def _move(api: Api, version: int, expected: int | None) -> dict[str, Any]:
    """Compare-and-set: refused when somebody moved the label meanwhile."""
    body = {"version": version, "expected": expected}
    moved: dict[str, Any] = api.post(f"/instructions/labels/{PRODUCTION}", body)
    return moved
