"""`shiftdesk instructions …`: what the chatbot is told to do, and which version answers whom."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from shiftdesk.api import Api, connect
from shiftdesk.errors import NotFound, UsageProblem
from shiftdesk.examples import examples
from shiftdesk.output import AsJson, console, minute, print_json, print_table
from shiftdesk.verbs import instruction_trials
from shiftdesk.verbs.instruction_trials import production


class Label(StrEnum):
    PRODUCTION = "production"
    CANARY = "canary"
    TENANT = "tenant"


class Removable(StrEnum):
    CANARY = "canary"
    TENANT = "tenant"


MARKS = {"same": " ", "added": "+", "removed": "-"}

group = typer.Typer(
    help="The chatbot's instructions: immutable versions, and labels that say which answers whom.",
    epilog=examples(
        "instructions show 3 > new.md", "instructions edit new.md", "instructions promote 4"
    ),
)
group.add_typer(instruction_trials.group, name="questions")
group.command(
    "preview",
    epilog=examples(
        "instructions preview 4",
        'instructions preview 4 --against 3 --question "What do I hold?" --desk DESK --json',
    ),
)(instruction_trials.preview)

Version = Annotated[int, typer.Argument(help="version", min=1)]
OfLabel = Annotated[
    Label, typer.Option("--label", help="whom it answers: everybody, a share, your organisation")
]
Reason = Annotated[str, typer.Option("--reason", help="why, for the history")]


def register(app: typer.Typer) -> None:
    app.add_typer(group, name="instructions")


@group.command("list", epilog=examples("instructions list", "instructions list --json"))
def list_(as_json: AsJson = False) -> None:
    """Versions, and where the labels point."""
    found = _all(connect())
    if as_json:
        return print_json(found)
    rows = [
        (
            v["version"],
            ", ".join(
                _shown(found, label) for label, at in found["labels"].items() if at == v["version"]
            ),
            v["created_by"],
            minute(v["created_at"]),
            next(iter(v["text"].split("\n")), "")[:60],
        )
        for v in found["versions"]
    ]
    return print_table(("version", "labels", "by", "made", "begins"), rows)


@group.command("show", epilog=examples("instructions show 3 > new.md"))
def show(version: Version, as_json: AsJson = False) -> None:
    """One version, whole."""
    found = connect().get(f"/instructions/{version}")
    if as_json:
        return print_json(found)
    console.print(found["text"], markup=False)
    return None


@group.command("edit", epilog=examples("instructions edit new.md"))
def edit(
    file: Annotated[Path, typer.Argument(help="the new text")], as_json: AsJson = False
) -> None:
    """Keep a file's text as a new version; nobody uses it before it is promoted."""
    made = connect().post("/instructions", {"text": _read(file)})
    if as_json:
        return print_json(made)
    version = made["version"]
    console.print(
        f"[green]✓[/] version {version}\n"
        f"  → shiftdesk instructions preview {version}\n"
        f"  → shiftdesk instructions promote {version}"
    )
    return None


@group.command("diff", epilog=examples("instructions diff", "instructions diff 3 4"))
def diff(
    before: Annotated[
        int | None, typer.Argument(help="version; without one where production was before", min=1)
    ] = None,
    after: Annotated[
        int | None, typer.Argument(help="version; without one production's", min=1)
    ] = None,
    as_json: AsJson = False,
) -> None:
    """What changes from one version to another; without versions, what production's last move
    changed.
    """
    api = connect()
    after = after or production(api)
    before = before or _before(api)
    found = api.get("/instructions/diff", before=before, after=after)
    changed = any(line["kind"] != "same" for line in found["lines"])
    names = [f"--- version {before}", f"+++ version {after}"]
    lines = names + [MARKS[line["kind"]] + line["text"] for line in found["lines"]]
    if as_json:
        return print_json({"before": before, "after": after, "diff": lines if changed else []})
    for line in lines if changed else ["no difference"]:
        console.print(line, markup=False)
    return None


@group.command(
    "promote",
    epilog=examples(
        "instructions promote 4", 'instructions promote 4 --label canary --reason "shorter answers"'
    ),
)
def promote(
    version: Version,
    label: OfLabel = Label.PRODUCTION,
    reason: Reason = "",
    as_json: AsJson = False,
) -> None:
    """Let the version answer people, from their next question on."""
    api = connect()
    body = {"version": version, "expected": _at(api, label), "reason": reason}
    moved = api.post(f"/instructions/labels/{label}", body)
    if as_json:
        return print_json(moved)
    if label is Label.CANARY:
        console.print(
            f"[green]✓[/] version {version} is the canary\n  → instructions share PERCENT"
        )
        return None
    whom = "your organisation" if label is Label.TENANT else "everybody"
    console.print(f"[green]✓[/] version {version} answers {whom} now")
    return None


@group.command(
    "rollback",
    epilog=examples(
        "instructions rollback", 'instructions rollback --label canary --reason "worse than before"'
    ),
)
def rollback(
    label: OfLabel = Label.PRODUCTION, reason: Reason = "", as_json: AsJson = False
) -> None:
    """Put the label back to where it was before its last move; again, to the one before that."""
    api = connect()
    body = {"expected": _at(api, label), "reason": reason}
    moved = api.post(f"/instructions/labels/{label}/rollback", body)
    if as_json:
        return print_json(moved)
    version = moved["version"]
    now = "is gone again" if version is None else f"is back at version {version}"
    console.print(f"[green]✓[/] {label} {now}")
    return None


@group.command("remove", epilog=examples("instructions remove canary"))
def remove(
    label: Annotated[Removable, typer.Argument(help="the label")], as_json: AsJson = False
) -> None:
    """Take a label away: production answers in its place."""
    api = connect()
    at = _at(api, label)
    if at is None:
        raise NotFound(f"no version is labelled {label}", "shiftdesk instructions list")
    moved = api.delete(f"/instructions/labels/{label}?expected={at}")
    if as_json:
        return print_json(moved)
    console.print(f"[green]✓[/] {label} is gone; it was at version {at}")
    return None


@group.command("share", epilog=examples("instructions share 10"))
def share(
    percent: Annotated[int, typer.Argument(help="per cent of the users", min=0, max=100)],
    as_json: AsJson = False,
) -> None:
    """Let so many per cent of the users be answered by the canary: always the same users."""
    api = connect()
    expected = api.get("/instructions", limit=1)["canary_percent"]
    changed = api.put("/instructions/canary", {"percent": percent, "expected": expected})
    if as_json:
        return print_json(changed)
    console.print(f"[green]✓[/] the canary answers {percent} % of the users; it was {expected} %")
    return None


@group.command(
    "history", epilog=examples("instructions history", "instructions history --label tenant --json")
)
def history(label: OfLabel = Label.PRODUCTION, as_json: AsJson = False) -> None:
    """Every move of a label, newest first."""
    moves = list(connect().items(f"/instructions/labels/{label}/history"))
    if as_json:
        return print_json({"label": label, "moves": moves})
    rows = [
        (
            minute(m["moved_at"]),
            m["kind"],
            m["previous"] or "",
            m["version"] or "",
            m["moved_by"],
            m["reason"],
        )
        for m in moves
    ]
    return print_table(("at", "what", "from", "to", "by", "why"), rows)


def _all(api: Api) -> dict[str, Any]:
    """What answers whom, with the versions of all pages."""
    found: dict[str, Any] = api.get("/instructions")
    cursor = found.pop("next_cursor")
    while cursor is not None:
        page = api.get("/instructions", cursor=cursor)
        found["versions"] += page["versions"]
        cursor = page["next_cursor"]
    return found


def _at(api: Api, label: str) -> int | None:
    """Where the label is: moves compare it, and are refused when somebody moved it meanwhile."""
    at: int | None = api.get("/instructions", limit=1)["labels"].get(label)
    return at


def _before(api: Api) -> int:
    page = api.get(f"/instructions/labels/{Label.PRODUCTION}/history", limit=1)
    previous: int | None = page["items"][0]["previous"] if page["items"] else None
    if previous is None:
        raise NotFound("production has not moved yet", "name two versions: diff 1 2")
    return previous


def _shown(found: dict[str, Any], label: str) -> str:
    return f"canary ({found['canary_percent']} %)" if label == Label.CANARY else label


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageProblem(f"{file} cannot be read: {error}", "a file with the text") from error
