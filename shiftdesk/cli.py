"""The command line. One file a verb; errors become exit codes here and nowhere else."""

import importlib
import os
import sys
from typing import Annotated, NoReturn

import typer
from rich.console import Console
from rich.markup import escape

from market.errors import StoreAway
from shiftdesk.configuration import WHOLE_COMMAND
from shiftdesk.errors import INTERRUPTED, CommandError
from shiftdesk.examples import examples
from shiftdesk.output import log_plainly

VERBS = {
    "status": "What the bare command shows: everything in one screen.",
    "top": "A live view: the plan, pods with their agents, desks.",
    "up": "Start the local cluster; with --demo, on a recorded market.",
    "down": "End the local cluster; its state stays in .shiftdesk/.",
    "demo": "The demo in a temporary folder; nothing is left behind.",
    "doctor": "Is everything in order, and how to mend it.",
    "schedule": "The plan: which agent holds the pods until when, and why.",
    "override": "Overrides of the plan: each has an owner, a reason and an end.",
    "pods": "Pods: phases, seats, agents, memory; what scaling does next.",
    "desks": "Desks with their seats, policy lines and cash.",
    "mode": "Paper or live: going live takes a sentence that you type.",
    "data": "Price history: import, fetch, list, verify.",
    "backtest": "A policy or strategy over history, after costs, next-bar fills.",
    "stats": "Figures of any series of returns, each with its convention.",
    "lookahead": "Proof that a strategy sees no later bar.",
    "train": "Train candidates of a line and judge them.",
    "gate": "The latest verdict, with every number that it rests on.",
    "policies": "Policy lines, champions, challengers, verdicts; approve, roll back.",
    "chat": "Ask about positions, signals, the schedule; numbers have sources.",
    "threads": "Your conversations with the chatbot: find, read, export, delete.",
    "budgets": "What language models may cost, and what is spent of it.",
    "instructions": "The chatbot's instructions: immutable versions, and labels.",
    "keys": "API keys of a desk: for programs that read it or ask its chatbot.",
    "trace": "The causal trail of an order, a signal, an answer, an override.",
    "bench": "Run a benchmark and print its figures.",
    "simulate": "Thousands of users through days of allocation and scaling.",
    "config": "Settings, and where each comes from.",
}
"""Each with what it does, as the list of verbs says it; see `_unreached`."""

BEFORE_THE_VERB = ("--api-url", "--api-login")
"""Each with its value."""


def application(arguments: list[str]) -> typer.Typer:
    """The commands. Only the verb that is asked for, or completed, is imported: together they
    would take seconds.
    """
    app = typer.Typer(
        help="Shiftdesk: an AI trading desk that works in shifts.",
        epilog=examples("up --demo", "status --json", 'chat "What do I hold?"'),
        pretty_exceptions_enable=False,
    )
    app.callback(invoke_without_command=True)(bare)
    asked = _asked(arguments or _completed())
    for verb in asked:
        importlib.import_module(f"shiftdesk.verbs.{verb}").register(app)
    if not asked:
        for verb, does in VERBS.items():
            app.command(verb, help=does)(_unreached)
    return app


def _unreached() -> None:
    """Stands for a verb in the list of all; one that is asked for is imported instead."""


def _completed() -> list[str]:
    """What a shell wants to be completed, without the command's own name."""
    spoken = os.environ.get("_TYPER_COMPLETE_ARGS") or os.environ.get("COMP_WORDS", "")
    return spoken.split()[1:]


def _asked(arguments: list[str]) -> list[str]:
    """The verb, if one is asked for."""
    rest = iter(arguments)
    for argument in rest:
        if argument in BEFORE_THE_VERB:
            next(rest, None)
        elif not argument.startswith("-"):
            return [argument] if argument in VERBS else []
    return []


def bare(
    context: typer.Context,
    api_url: Annotated[str | None, typer.Option(help="an installation, not the one here")] = None,
    api_login: Annotated[str | None, typer.Option(help="whom to sign in as there")] = None,
) -> None:
    """Status in one screen, and the next step."""
    flags = {"api_url": api_url, "api_login": api_login}
    given = tuple((name, value) for name, value in flags.items() if value is not None)
    token = WHOLE_COMMAND.set(given)
    context.call_on_close(lambda: WHOLE_COMMAND.reset(token))
    if context.invoked_subcommand is None:
        importlib.import_module("shiftdesk.verbs.status").show(as_json=False)


def fail(error: CommandError) -> NoReturn:
    """Say it, and end."""
    console = Console(stderr=True, highlight=False)
    console.print(f"[red]✗[/] {escape(error.what)}", soft_wrap=True)
    if error.fix:
        console.print(f"  → {escape(error.fix)}", soft_wrap=True)
    sys.exit(error.code)


def main() -> None:
    """Entry point of `shiftdesk`."""
    log_plainly()
    try:
        application(sys.argv[1:])(prog_name="shiftdesk")
    except CommandError as error:
        fail(error)
    except StoreAway as error:
        fail(CommandError(str(error), "check the URL and, for s3://, the credentials of AWS"))
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
