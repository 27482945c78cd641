"""Every `--help` ends with examples; those, and the commands that the documentation shows, are read
by the command line as they stand.
"""

import re
import shlex
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from shiftdesk.cli import VERBS, application

ROOT = Path(__file__).parents[2]
SHOWN = re.compile(r"^(?:    |\$ )?(shiftdesk(?: (?!up$).*)?)$", re.MULTILINE)
"""A command at a line's begin, as fenced and indented blocks have it."""

Command = Any
"""Of the click that typer carries with it."""


@cache
def verb(name: str) -> Command:
    """The whole command line, of which this verb is loaded; without a name, the list of verbs."""
    return get_command(application([name] if name else []))


def commands(command: Command, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Command]]:
    """The command and all that are under it, each with its path."""
    yield path, command
    for name, under in getattr(command, "commands", {}).items():
        yield from commands(under, (*path, name))


def read(line: str) -> tuple[str, ...]:
    """The path of the command that a line runs. Raises a usage error as the command line would."""
    words = [*shlex.split(line, comments=True)]
    ends = [at for at, word in enumerate(words) if re.fullmatch(r"\d?>+|[|;&]+", word)]
    words = words[: min(ends, default=len(words))]
    assert words.pop(0) == "shiftdesk"
    name = next((word for word in words if word in VERBS), "")
    command, path = verb(name), ()
    while True:
        context = command.make_context("shiftdesk", words)
        under = getattr(command, "commands", {})
        rest = [*context._protected_args, *context.args]
        if not under or not rest:
            return path
        assert rest[0] in under, f"no verb {rest[0]!r}"
        command, path, words = under[rest[0]], (*path, rest[0]), rest[1:]


def lines(command: Command) -> list[str]:
    head, *shown = (command.epilog or "").splitlines()
    assert head == "Examples:"
    return [line.strip() for line in shown]


@pytest.mark.parametrize("name", ["", *VERBS])
def test_every_help_ends_with_examples_that_can_be_run(name: str) -> None:
    whole = verb(name)
    of_the_verb = {(): whole} if not name else dict(commands(whole.commands[name], (name,)))
    for path, command in of_the_verb.items():
        shown = lines(command)
        assert 1 <= len(shown) <= 3, path
        for line in shown:
            assert read(line)[: len(path)] == path, line


def documented() -> list[str]:
    pages = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    whole = [page.read_text().replace("\\\n", " ") for page in pages]
    return sorted({line for page in whole for line in SHOWN.findall(page)})


@pytest.mark.parametrize("line", documented())
def test_a_command_in_the_documentation_can_be_run(line: str) -> None:
    read(line)


@pytest.mark.parametrize(
    "line", ["shiftdesk pods --jsn", "shiftdesk keys mak x", "shiftdesk trace"]
)
def test_a_slip_in_an_example_would_be_found(line: str) -> None:
    with pytest.raises(Exception, match=r"No such option|no verb|Missing parameter"):
        read(line)
