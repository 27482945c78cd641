"""`shiftdesk instructions questions …` and `preview`: what a version answers, before it answers
anybody.
"""

import json
from collections.abc import Iterator
from typing import Annotated, Any

import typer

from shiftdesk.api import Api, connect
from shiftdesk.errors import CommandError, NotFound
from shiftdesk.examples import examples
from shiftdesk.output import AsJson, console, print_json, print_table

group = typer.Typer(
    help="Saved questions, which `preview` puts to two versions.",
    epilog=examples(
        "instructions questions list", 'instructions questions add "Why did the desk sell Apple?"'
    ),
)

Text = Annotated[str, typer.Argument(help="the question")]
Identity = Annotated[str, typer.Argument(help="the question's id: `questions list` shows it")]


@group.command("list", epilog=examples("instructions questions list"))
def list_(as_json: AsJson = False) -> None:
    """The saved questions."""
    found = list(connect().items("/instructions/questions"))
    if as_json:
        return print_json({"questions": found})
    return print_table(
        ("id", "question", "by"), [(q["id"], q["text"], q["created_by"]) for q in found]
    )


@group.command("add", epilog=examples('instructions questions add "Why did the desk sell Apple?"'))
def add(text: Text, as_json: AsJson = False) -> None:
    """Save a question."""
    made = connect().post("/instructions/questions", {"text": text})
    if as_json:
        return print_json(made)
    console.print(f"[green]✓[/] {made['id']}")
    return None


@group.command(
    "change", epilog=examples('instructions questions change QUESTION "Why did the desk sell IBM?"')
)
def change(identity: Identity, text: Text, as_json: AsJson = False) -> None:
    """Word a saved question anew."""
    made = connect().put(f"/instructions/questions/{identity}", {"text": text})
    if as_json:
        return print_json(made)
    console.print(f"[green]✓[/] {identity}")
    return None


@group.command("delete", epilog=examples("instructions questions delete QUESTION"))
def delete(identity: Identity) -> None:
    """Forget a saved question."""
    connect().delete(f"/instructions/questions/{identity}")
    console.print(f"[green]✓[/] {identity} is deleted")


def preview(
    version: Annotated[int, typer.Argument(help="the version to try", min=1)],
    against: Annotated[
        int | None, typer.Option(help="the version beside it; production's by default", min=1)
    ] = None,
    question: Annotated[
        str | None, typer.Option(help="one question; else those that are saved")
    ] = None,
    desk: Annotated[
        str | None, typer.Option(help="whose facts; else the organisation's first desk's")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Put questions to two versions on a pod, side by side. Nothing of it is kept."""
    api = connect()
    before = against or production(api)
    body: dict[str, object] = {"before": before, "after": version, "text": question, "desk": desk}
    pairs = []
    for pair in _pairs(api, body):
        pairs.append(pair)
        if not as_json:
            _show(pair)
    if as_json:
        print_json({"before": before, "after": version, "pairs": pairs})


def _pairs(api: Api, body: dict[str, object]) -> Iterator[dict[str, Any]]:
    """As they come. Raises CommandError when no pod can answer, or the stream breaks off."""
    kind = ""
    with api.stream("POST", "/instructions/preview", body) as response:
        for line in response.iter_lines():
            if line.startswith("event: "):
                kind = line.removeprefix("event: ")
            if not line.startswith("data: "):
                continue
            data = json.loads(line.removeprefix("data: "))
            if kind == "error":
                raise CommandError(str(data["detail"]), "shiftdesk pods")
            if kind == "done":
                return
            yield data
    raise CommandError("the preview broke off before its end", "try again")


def _show(pair: dict[str, Any]) -> None:
    console.print(f"? {pair['question']}", markup=False)
    one, other = pair["before"], pair["after"]
    same = one["text"] == other["text"] and not one["error"]
    for answer in (one,) if same else (one, other):
        name = f"v{one['version']} = v{other['version']}" if same else f"v{answer['version']}"
        said = answer["error"] or answer["text"]
        console.print(f"  {name} ({answer['written_by'] or 'failed'}): {said}", markup=False)


def production(api: Api) -> int:
    """The version that answers everybody. Raises NotFound."""
    at: int | None = api.get("/instructions", limit=1)["labels"].get("production")
    if at is None:
        raise NotFound("nothing is in production", "name a version: --against 1")
    return at
