"""The command line. One file a verb; errors become exit codes here and nowhere else."""

import sys

import typer
from rich.console import Console
from rich.markup import escape

from shiftdesk.errors import INTERRUPTED, CommandError
from shiftdesk.verbs import (
    backtest,
    bench,
    chat,
    config,
    data,
    demo,
    desks,
    doctor,
    down,
    gate,
    instructions,
    override,
    pods,
    policies,
    schedule,
    status,
    trace,
    train,
    up,
)

app = typer.Typer(
    help="Shiftdesk: an AI trading desk that works in shifts.",
    no_args_is_help=False,
    pretty_exceptions_enable=False,
    add_completion=False,
)

for verb in (
    status,
    up,
    down,
    demo,
    doctor,
    schedule,
    override,
    pods,
    desks,
    data,
    backtest,
    train,
    gate,
    policies,
    chat,
    instructions,
    trace,
    bench,
    config,
):
    verb.register(app)


@app.callback(invoke_without_command=True)
def bare(context: typer.Context) -> None:
    """Status in one screen, and the next step."""
    if context.invoked_subcommand is None:
        status.show(as_json=False)


def main() -> None:
    """Entry point of `shiftdesk`."""
    try:
        app()
    except CommandError as error:
        console = Console(stderr=True, highlight=False)
        console.print(f"[red]✗[/] {escape(error.what)}", soft_wrap=True)
        if error.fix:
            console.print(f"  → {escape(error.fix)}", soft_wrap=True)
        sys.exit(error.code)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
