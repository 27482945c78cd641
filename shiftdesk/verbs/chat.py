"""`shiftdesk chat`: talk to a desk's chatbot from the terminal."""

import contextlib
import json
import sys
from collections.abc import Iterator
from typing import Annotated, Any

import httpx
import typer
from rich.markup import escape

from shiftdesk.api import DEMO_TRADER, Api, connect
from shiftdesk.errors import CommandError, Denied
from shiftdesk.examples import examples
from shiftdesk.output import AsJson, console, print_json


def register(app: typer.Typer) -> None:
    app.command(
        "chat",
        epilog=examples(
            "chat", 'chat "Why did the last signal fire?"', 'chat "And of IBM?" --thread THREAD'
        ),
    )(chat)


def chat(
    question: Annotated[str | None, typer.Argument(help="without one: a conversation")] = None,
    thread: Annotated[
        str | None, typer.Option(help="go on with this conversation, instead of a new one")
    ] = None,
    user: Annotated[str, typer.Option("--as", help="who asks; at the demo: trader1")] = "",
    as_json: AsJson = False,
) -> None:
    """Ask about positions, signals and the schedule; every number has a source."""
    api = connect(user, demo=DEMO_TRADER)
    thread = thread or api.post("/threads", {"title": (question or "terminal")[:80]})["id"]
    if question is not None:
        _ask(api, thread, question, as_json=as_json)
        return
    console.print("[dim]an empty line ends the conversation[/]")
    with contextlib.suppress(EOFError):
        while text := console.input("[bold]you[/]  ").strip():
            try:
                _ask(api, thread, text, as_json=as_json)
            except Denied as denial:
                console.print(f"[yellow]{escape(denial.what)}[/]")


def _ask(api: Api, thread: str, text: str, *, as_json: bool) -> None:
    with api.stream("POST", f"/threads/{thread}/messages", {"text": text}) as response:
        events = list(_printed(response, quiet=as_json))
    if as_json:
        print_json({"question": text, "events": events})
    for event in events:
        if event["kind"] == "error":
            raise CommandError(str(event["data"].get("detail", "the answer broke off")))
        if event["kind"] == "confirm" and not as_json:
            _decide(api, event["data"])


def _decide(api: Api, intent: dict[str, Any]) -> None:
    """Let the person at the terminal confirm what was prepared; elsewhere say how to."""
    console.print(
        f"[bold]{escape(intent['says'])}[/]\n[dim]{escape(intent['preview']['detail'])}[/]"
    )
    if not intent["preview"]["allowed"]:
        console.print("[dim]It would be refused now, so there is nothing to confirm.[/]")
    elif not sys.stdin.isatty():
        console.print(f"[dim]Confirm {intent['id']} in the web client, or by its API.[/]")
    elif typer.confirm("Do it?", default=False):
        done = api.post(f"/intents/{intent['id']}/confirm", {"nonce": intent["nonce"]})
        console.print(escape(str(done["outcome"]["detail"])))
    else:
        api.post(f"/intents/{intent['id']}/dismiss", {})


def _printed(response: httpx.Response, *, quiet: bool) -> Iterator[dict[str, Any]]:
    """The run's events; tokens are printed as they come, citations at the end."""
    kind = ""
    for line in response.iter_lines():
        if line.startswith("event: "):
            kind = line.removeprefix("event: ")
        if not line.startswith("data: "):
            continue
        data = json.loads(line.removeprefix("data: "))
        if not quiet:
            _show(kind, data)
        yield {"kind": kind, "data": data}


def _show(kind: str, data: dict[str, Any]) -> None:
    if kind == "token":
        console.print(data["text"], end="", markup=False)
    elif kind == "step" and (data.get("restart") or data["name"] == "restarted"):
        console.print("\n[dim]The answer begins anew.[/]")
    elif kind == "citation":
        console.print(f"\n[dim]  {data['id']} {escape(data['title'])}[/]", end="")
    elif kind == "done":
        console.print()
