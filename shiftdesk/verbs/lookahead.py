"""`shiftdesk lookahead`: proof that a strategy sees no later bar, or the first bar that did."""

from dataclasses import asdict
from typing import Annotated

import typer

from ai_pod.policies.apart import DEADLINE_SECONDS, Named, proof_of
from market.words import Interval, Stamps
from shiftdesk import research
from shiftdesk.configuration import HistoryStore
from shiftdesk.errors import CommandError
from shiftdesk.examples import examples
from shiftdesk.figures import instant
from shiftdesk.output import AsJson, console, print_json


def register(app: typer.Typer) -> None:
    app.command(
        "lookahead",
        epilog=examples(
            "lookahead --strategy sma-cross --data XNYS:AAPL",
            "lookahead --strategy mean-reversion --set window=55 --data bars.csv --calendar XNYS",
        ),
    )(lookahead)


def lookahead(
    strategy: Annotated[str, typer.Option(help="a strategy, built in or installed")],
    data: Annotated[str, typer.Option(help="instruments, or CSV and Parquet files")],
    set_: Annotated[
        list[str] | None, typer.Option("--set", help="NAME=VALUE of the strategy")
    ] = None,
    cuts: Annotated[int, typer.Option(min=1, help="how many cuts, evenly spread")] = 200,
    interval: Annotated[Interval, typer.Option(help="bar interval")] = Interval.DAY,
    to: Annotated[str, typer.Option(help="last day")] = "2099-01-01",
    deadline: Annotated[float, typer.Option(min=0.1, help="seconds")] = DEADLINE_SECONDS,
    calendar: Annotated[str, typer.Option(help="exchange calendar of files")] = "",
    stamps: Annotated[Stamps, typer.Option(help="what a file's timestamps mark")] = "end",
    history: HistoryStore = None,
    as_json: AsJson = False,
) -> None:
    """Compare what a strategy wants with what it wants when the future is gone, or another one.

    A cheater ends with exit code 1, and with the first bar whose target knew a later one.
    """
    source = research.Source(data, interval, history, calendar, stamps)
    panel = source.panel(None, research.day(to))
    with research.refusing():
        proof = proof_of(Named(strategy, research.settings(set_)), panel, cuts, deadline)
    bar = None if proof.row is None else instant(panel.end[proof.row])
    instrument = None if proof.row is None else panel.instruments[proof.column]
    if as_json:
        found = {"honest": proof.row is None, "bar": bar, "instrument": instrument}
        print_json({"strategy": strategy, **found, "proof": asdict(proof)})
    if proof.row is not None:
        raise CommandError(
            f"{strategy} sees the future: its target for {instrument} at bar {proof.row + 1} "
            f"({bar}) is {proof.said:.6g}, and {proof.instead:.6g} when the bars from "
            f"{proof.cut + 1} on are {proof.how}",
            "compute each row from its own and earlier rows alone",
        )
    if not as_json:
        left = f", {proof.skipped} could not be computed" if proof.skipped else ""
        console.print(
            f"[green]✓[/] {strategy} saw no later bar: {proof.cuts} cuts of {proof.bars} bars{left}"
        )
