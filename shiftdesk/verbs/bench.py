"""`shiftdesk bench NAME`: the project's benchmarks, as figures."""

import importlib
import pkgutil
from typing import Annotated

import typer

from shiftdesk import benches
from shiftdesk.errors import NotFound, UsageProblem
from shiftdesk.examples import examples
from shiftdesk.output import AsJson, print_json, print_table


def register(app: typer.Typer) -> None:
    app.command(
        "bench", epilog=examples("bench switch", "bench live --set parts=load", "bench chat --json")
    )(bench)


def bench(
    name: Annotated[str, typer.Argument(help="which benchmark")],
    option: Annotated[
        list[str] | None, typer.Option("--set", help="NAME=VALUE of the bench")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Run a benchmark and print its figures."""
    known = sorted(module.name for module in pkgutil.iter_modules(benches.__path__))
    if name not in known:
        raise NotFound(f"no benchmark {name!r}", f"there are: {', '.join(known)}")
    settings, figures = importlib.import_module(f"shiftdesk.benches.{name}").run(_pairs(option))
    if as_json:
        return print_json({"name": name, "settings": settings, "figures": figures})
    print_table(("setting", "value"), settings.items())
    return print_table(("figure", "value"), ((k, _figure(v)) for k, v in figures.items()))


def _pairs(options: list[str] | None) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for text in options or []:
        key, equals, value = text.partition("=")
        if not equals:
            raise UsageProblem(f"--set {text!r} is no NAME=VALUE", "such as --set switches=20")
        pairs[key] = value
    return pairs


def _figure(value: float) -> str:
    return f"{value:,.4g}" if abs(value) < 1000 else f"{value:,.0f}"
