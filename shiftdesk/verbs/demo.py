"""`shiftdesk demo`: the demo in a temporary folder; leaves nothing behind."""

import tempfile
from pathlib import Path

import typer

from shiftdesk.configuration import Configuration
from shiftdesk.local.temporary import delete
from shiftdesk.verbs.up import options, run_cluster


def register(app: typer.Typer) -> None:
    app.command("demo")(demo)


def demo() -> None:
    """The demo in a temporary folder; Ctrl-C ends it and deletes everything."""
    folder = Path(tempfile.mkdtemp(prefix="shiftdesk-demo-"))
    folder.chmod(0o755)
    try:
        run_cluster(folder, options(Configuration(Path.cwd()), demo=True))
    finally:
        delete(folder)
