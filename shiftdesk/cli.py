"""The command line. One file a verb; errors become exit codes here and nowhere else."""

import importlib
import sys

import typer
from rich.console import Console
from rich.markup import escape

from shiftdesk.errors import INTERRUPTED, CommandError
from shiftdesk.output import log_plainly

VERBS = (
    "status",
    "up",
    "down",
    "demo",
    "doctor",
    "schedule",
    "override",
    "pods",
    "desks",
    "mode",
    "data",
    "backtest",
    "stats",
    "lookahead",
    "train",
    "gate",
    "policies",
    "chat",
    "instructions",
    "trace",
    "bench",
    "simulate",
    "config",
)


def application(arguments: list[str]) -> typer.Typer:
    """The commands. Only the verb that is asked for is imported: some pull in torch."""
    app = typer.Typer(
        help="Shiftdesk: an AI trading desk that works in shifts.",
        pretty_exceptions_enable=False,
        add_completion=False,
    )
    app.callback(invoke_without_command=True)(bare)
    asked = [argument for argument in arguments[:1] if argument in VERBS]
    for verb in asked or (VERBS if arguments else ("status",)):
        importlib.import_module(f"shiftdesk.verbs.{verb}").register(app)
    return app


def bare(context: typer.Context) -> None:
    """Status in one screen, and the next step."""
    if context.invoked_subcommand is None:
        importlib.import_module("shiftdesk.verbs.status").show(as_json=False)


def main() -> None:
    """Entry point of `shiftdesk`."""
    log_plainly()
    try:
        application(sys.argv[1:])(prog_name="shiftdesk")
    except CommandError as error:
        console = Console(stderr=True, highlight=False)
        console.print(f"[red]✗[/] {escape(error.what)}", soft_wrap=True)
        if error.fix:
            console.print(f"  → {escape(error.fix)}", soft_wrap=True)
        sys.exit(error.code)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
