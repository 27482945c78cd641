"""`shiftdesk config show`: the settings as they hold, and where each came from."""

from pathlib import Path
from typing import Annotated

import typer

from shiftdesk.configuration import Configuration
from shiftdesk.examples import examples
from shiftdesk.output import AsJson, print_json, print_table

group = typer.Typer(
    help="Settings: flags > environment > .env > shiftdesk.toml > default.",
    epilog=examples("config show --origin"),
)


def register(app: typer.Typer) -> None:
    app.add_typer(group, name="config")


@group.command("show", epilog=examples("config show", "config show --origin", "config show --json"))
def show(
    origin: Annotated[
        bool, typer.Option("--origin", help="say where each value came from")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Print every setting; secrets are masked."""
    values = Configuration(Path.cwd()).values()
    if as_json:
        settings = {v.setting.name: {"value": v.shown, "origin": v.origin} for v in values}
        return print_json({"settings": settings})
    columns = ("setting", "value", "origin") if origin else ("setting", "value")
    rows = [(v.setting.name, v.shown, v.origin)[: len(columns)] for v in values]
    return print_table(columns, rows)
