"""`shiftdesk backtest`: a strategy or policy over price history, by the simulator that also trades
on paper.
"""

import importlib
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from ai_pod.contracts.signals import BAND
from ai_pod.policies.apart import DEADLINE_SECONDS, Named
from ai_pod.policies.backtest import Terms
from market.calendars import to_ns
from market.words import Interval, Stamps
from shiftdesk import records, research
from shiftdesk.configuration import STATE, HistoryStore
from shiftdesk.entrants import Entrants
from shiftdesk.errors import UsageProblem
from shiftdesk.evaluation import CONVENTIONS, Evaluation, evaluation
from shiftdesk.examples import examples
from shiftdesk.figures import shown
from shiftdesk.output import AsJson, console, print_json, print_table

POLICY = "rule:momentum@1"
RULE_BENCHMARK = "rule:buy-and-hold@1"
BENCHMARK = "buy-and-hold"
RECORDS = STATE / "backtests"


def register(app: typer.Typer) -> None:
    app.command(
        "backtest",
        epilog=examples(
            "backtest --strategy sma-cross --data XNYS:AAPL,XNYS:IBM --report out.html",
            "backtest --strategy sma-cross --set fast=20 --set slow=100 --data XNYS:AAPL --json",
            "backtest --data XNYS:AAPL,XNYS:IBM --from 2005-01-01 --out-of-sample-from 2010-01-01",
        ),
    )(run_backtest)


def run_backtest(
    data: Annotated[
        str, typer.Option(help="instruments, such as XNYS:AAPL,XNYS:IBM, or CSV and Parquet files")
    ],
    strategy: Annotated[str, typer.Option(help="a strategy, built in or installed")] = "",
    policy: Annotated[str, typer.Option(help=f"rule:NAME@V or sha256:…; {POLICY}")] = "",
    set_: Annotated[
        list[str] | None, typer.Option("--set", help="NAME=VALUE of the strategy")
    ] = None,
    interval: Annotated[Interval, typer.Option(help="bar interval")] = Interval.DAY,
    start: Annotated[str, typer.Option("--from", help="first day")] = "2000-01-01",
    to: Annotated[str, typer.Option(help="last day")] = "2099-01-01",
    commission_bps: Annotated[
        float, typer.Option(min=0.0, help="commission in basis points")
    ] = 1.0,
    cost: Annotated[
        list[str] | None, typer.Option("--cost", help="NAME=VALUE, such as slippage_bps=2")
    ] = None,
    cash: Annotated[float, typer.Option(min=1.0, help="starting cash")] = 100_000.0,
    band: Annotated[
        float | None,
        typer.Option(min=0.0, help=f"share of equity below which nothing moves; policies {BAND}"),
    ] = None,
    lots: Annotated[float, typer.Option(min=1e-9, help="smallest quantity")] = 1.0,
    benchmark: Annotated[str, typer.Option(help="a strategy or rule:NAME@V")] = "",
    out_of_sample_from: Annotated[
        str, typer.Option(help="figures before and after this day, too")
    ] = "",
    report: Annotated[Path | None, typer.Option(help="write a tear sheet (.html)")] = None,
    fills: Annotated[Path | None, typer.Option(help="write the fills (.csv, .json)")] = None,
    equity: Annotated[Path | None, typer.Option(help="write the equity (.csv, .json)")] = None,
    deadline: Annotated[
        float, typer.Option(min=0.1, help="seconds that an installed strategy may take")
    ] = DEADLINE_SECONDS,
    calendar: Annotated[str, typer.Option(help="exchange calendar of files")] = "",
    stamps: Annotated[Stamps, typer.Option(help="what a file's timestamps mark")] = "end",
    history: HistoryStore = None,
    as_json: AsJson = False,
) -> None:
    """Statistics (each with its convention), against a benchmark, after costs, next-bar fills."""
    if strategy and policy:
        raise UsageProblem("--strategy and --policy are both given", "give one of them")
    _check_endings((report, (".html",)), (fills, records.TABLES), (equity, records.TABLES))
    source = research.Source(data, interval, history, calendar, stamps)
    costs = research.costs(commission_bps, cost)
    if not strategy and (costs.impact or costs.volume_share):
        raise UsageProblem("a policy's bars have no volume", "impact and volume_share: --strategy")
    still = band if band is not None else 0.0 if strategy else BAND
    terms = Terms(costs=costs, band=still, lots=lots, starting_cash=cash)
    entrants = Entrants(source, (research.day(start), research.day(to)), terms, deadline)
    chosen = research.settings(set_)
    split = to_ns(research.day(out_of_sample_from)) if out_of_sample_from else None
    with research.refusing():
        if strategy:
            contest = entrants.strategy(Named(strategy, chosen), benchmark or BENCHMARK)
        else:
            contest = entrants.policy(policy or POLICY, benchmark or RULE_BENCHMARK)
    found = evaluation(contest.panel, contest.ours, contest.benchmark, contest.parameters, split)
    settings: records.Document = {
        "strategy": strategy,
        "policy": "" if strategy else policy or POLICY,
        "set": chosen,
        "data": data,
        "interval": interval,
        "from": start,
        "to": to,
        "costs": asdict(terms.costs),
        "band": terms.band,
        "lots": terms.lots,
        "cash": cash,
        "parameters": contest.parameters,
        "out_of_sample_from": out_of_sample_from,
    }
    made = records.document(found, settings)
    kept = records.keep(RECORDS, made)
    if fills:
        records.write_fills(fills, found.ours, found.market)
    if equity:
        records.write_equity(equity, found)
    if report:
        records.replace(
            report, importlib.import_module("shiftdesk.tearsheet.page").page(found, made)
        )
    if as_json:
        return print_json(made | {"record": str(kept)})
    return _show(found, kept)


def _check_endings(*wanted: tuple[Path | None, tuple[str, ...]]) -> None:
    """Before anything runs, so that nothing is computed in vain."""
    for path, endings in wanted:
        if path and path.suffix not in endings:
            raise UsageProblem(f"{path} should end in {' or '.join(endings)}")


def _show(found: Evaluation, kept: Path) -> None:
    label = " (synthetic bars)" if found.market.synthetic else ""
    ours, theirs = found.ours, found.benchmark
    rows = [
        (name, shown(name, value), shown(name, theirs.figures[name]), CONVENTIONS[name])
        for name, value in ours.figures.items()
    ]
    rows += [
        (name, shown(name, value), "", CONVENTIONS[name]) for name, value in found.beside.items()
    ]
    columns = ("statistic", ours.run.policy, theirs.run.policy, "how")
    print_table(columns, rows, title=f"{len(found.market)} bars{label}")
    for part in found.parts:
        said = ", ".join(
            f"{name} {shown(name, part.figures[name])}"
            for name in ("annual_return", "sharpe", "max_drawdown")
        )
        console.print(f"{part.name.replace('_', ' ')}: {said}")
    for doubt in found.doubts:
        console.print(f"[yellow]! {doubt.code}[/] {doubt.sentence}")
    console.print(f"fills {ours.fills_sha256[:16]}, record {kept}")
