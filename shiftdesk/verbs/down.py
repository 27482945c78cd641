"""`shiftdesk down`: ends the cluster that runs from here, in order."""

import os
import signal
import time

import typer

from shiftdesk.api import running_cluster
from shiftdesk.configuration import STATE
from shiftdesk.errors import CommandError
from shiftdesk.examples import examples
from shiftdesk.local.state import StateFolder
from shiftdesk.output import console

PATIENCE_SECONDS = 60.0


def register(app: typer.Typer) -> None:
    app.command("down", epilog=examples("down"))(down)


def down() -> None:
    """End the local cluster; its state stays in .shiftdesk/."""
    info = running_cluster()
    os.kill(info.pid, signal.SIGTERM)
    state = StateFolder(STATE)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while state.is_held():
        if time.monotonic() > deadline:
            raise CommandError(
                f"process {info.pid} did not end in {PATIENCE_SECONDS:g} s", f"read {info.logs}"
            )
        time.sleep(0.1)
    console.print("[green]✓[/] ended")
