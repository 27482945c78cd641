"""`shiftdesk backtest`: a policy over price history, by the simulator that also trades on paper."""

import hashlib
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from ai_pod.agents.learning.statistics import annualised, bars_per_year, max_drawdown, sharpe
from ai_pod.contracts.seats import RiskProfile
from ai_pod.policies.backtest import Run, Terms, World, backtest
from market.series import Panel
from market.simulator.costs import CostModel
from market.words import Interval
from shiftdesk import research
from shiftdesk.output import AsJson, print_json, print_table

BENCHMARK = "rule:buy-and-hold@1"


def register(app: typer.Typer) -> None:
    app.command("backtest")(run_backtest)


def run_backtest(
    data: Annotated[str, typer.Option(help="instruments, such as XNYS:AAPL,XNYS:IBM")],
    policy: Annotated[str, typer.Option(help="rule:NAME@V or sha256:…")] = "rule:momentum@1",
    interval: Annotated[Interval, typer.Option(help="bar interval")] = Interval.DAY,
    start: Annotated[str, typer.Option("--from", help="first day")] = "2000-01-01",
    to: Annotated[str, typer.Option(help="last day")] = "2099-01-01",
    commission_bps: Annotated[
        float, typer.Option(min=0.0, help="commission in basis points")
    ] = 1.0,
    cash: Annotated[float, typer.Option(min=1.0, help="starting cash")] = 100_000.0,
    history: Annotated[Path | None, typer.Option(help="history store")] = None,
    as_json: AsJson = False,
) -> None:
    """Statistics (each with its convention), against buy-and-hold, after costs, next-bar fills."""
    instruments = tuple(name.strip() for name in data.split(",") if name.strip())
    panel = research.prices(history, instruments, interval, (research.day(start), research.day(to)))
    policies = [research.policy(name, instruments) for name in (policy, BENCHMARK)]
    terms = Terms(
        profile=RiskProfile.BOLD,
        costs=CostModel(commission_bps=commission_bps),
        starting_cash=cash,
    )
    run, benchmark = backtest(World.of(panel), policies, terms)
    if as_json:
        return print_json(_document(panel, interval, run, benchmark))
    return _show(panel, run, benchmark)


def _document(panel: Panel, interval: Interval, run: Run, benchmark: Run) -> dict[str, object]:
    return {
        "policy": run.policy,
        "instruments": panel.instruments,
        "interval": interval,
        "synthetic": bool(panel.synthetic),
        "statistics": statistics(run),
        "benchmark": statistics(benchmark),
        "fills_sha256": fills_hash(run),
        "conventions": CONVENTIONS,
    }


def _show(panel: Panel, run: Run, benchmark: Run) -> None:
    label = " (synthetic bars)" if panel.synthetic else ""
    ours, theirs = statistics(run), statistics(benchmark)
    rows = [
        (name, _figure(ours[name]), _figure(theirs[name]), CONVENTIONS.get(name, ""))
        for name in ours
    ]
    columns = ("statistic", run.policy, benchmark.policy, "how")
    print_table(columns, rows, title=f"{len(panel)} bars{label}")


def _figure(value: float) -> str:
    return f"{value:,.4f}" if abs(value) < 100 else f"{value:,.0f}"


CONVENTIONS = {
    "total_return": "geometric, after costs",
    "annual_return": "geometric, by calendar time",
    "sharpe": "mean over standard deviation of log growth per bar, times the root of bars a year",
    "max_drawdown": "largest fall from a peak of equity at bar closes",
    "turnover_a_year": "traded value over equity, summed, per year",
}


def statistics(run: Run) -> dict[str, float]:
    """Figures of one run; `CONVENTIONS` says how each is made."""
    years = len(run.growth) / bars_per_year(run.ends)
    total = float(run.equity[-1] / run.equity[0] - 1.0)
    return {
        "total_return": total,
        "annual_return": (1.0 + total) ** (1.0 / years) - 1.0 if total > -1 else -1.0,
        "sharpe": annualised(sharpe(run.growth), run.ends),
        "max_drawdown": max_drawdown(run.equity),
        "turnover_a_year": float(run.turnover.sum()) / years,
        "fees": float(run.fees.sum()),
        "fills": float(np.count_nonzero(run.quantities)),
        "final_equity": float(run.equity[-1]),
    }


def fills_hash(run: Run) -> str:
    """The same fills, the same hash: of bar ends and quantities, in order."""
    digest = hashlib.sha256()
    digest.update(run.ends[1:].tobytes())
    digest.update(np.ascontiguousarray(run.quantities).tobytes())
    return digest.hexdigest()
