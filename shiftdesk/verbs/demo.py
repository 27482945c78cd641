"""`shiftdesk demo`: the demo in a temporary folder; leaves nothing behind."""

from pathlib import Path
from typing import Annotated

import typer

from shiftdesk.configuration import STATE, Configuration
from shiftdesk.examples import examples
from shiftdesk.local.temporary import temporary_folder
from shiftdesk.verbs.up import options, run_cluster


def register(app: typer.Typer) -> None:
    app.command("demo", epilog=examples("demo", "demo --port 8080"))(demo)


def demo(port: Annotated[int | None, typer.Option(help="the page's port")] = None) -> None:
    """The demo in a temporary folder; Ctrl-C ends it and deletes everything."""
    given = {} if port is None else {"port": str(port)}
    with temporary_folder("shiftdesk-demo-") as folder:
        run_cluster(folder / STATE, options(Configuration(Path.cwd(), given), demo=True))
