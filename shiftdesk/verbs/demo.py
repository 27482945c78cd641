"""`shiftdesk demo`: the demo in a temporary folder; leaves nothing behind."""

import shutil
import tempfile
from pathlib import Path

import typer

from shiftdesk.configuration import Configuration
from shiftdesk.local.stores import PostgresStore
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
        shutil.rmtree(PostgresStore(folder / "postgres", 0).data, ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)
