"""Verbs run inside the test's own process: as the command line does it, without its start-up."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner

from shiftdesk.cli import application
from shiftdesk.errors import CommandError


@dataclass(frozen=True)
class Said:
    """What a verb ended with: its exit code, what it printed, its error with the fix."""

    code: int
    output: str
    error: str


def verb(folder: Path, *arguments: str) -> Said:
    """Run a verb in `folder`."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        result = CliRunner().invoke(application(list(arguments)), arguments)
    if isinstance(result.exception, CommandError):
        error = result.exception
        return Said(error.code, result.stdout, f"{error.what}\n{error.fix}")
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Said(result.exit_code, result.stdout, result.stderr)
