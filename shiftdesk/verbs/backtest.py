"""`shiftdesk backtest`: a policy over price history, by the simulator that also trades on paper."""

import hashlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from ai_pod.contracts.seats import RiskProfile
from ai_pod.policies.artifacts import PolicyStore
from ai_pod.policies.backtest import Run, Terms, World, backtest
from ai_pod.policies.errors import PolicyError
from ai_pod.policies.features import WINDOW
from market.clock import parse_instant
from market.errors import MarketError
from market.history import History
from market.simulator.costs import CostModel
from market.words import Interval
from shiftdesk.api import STATE
from shiftdesk.errors import NotFound, UsageProblem
from shiftdesk.output import AsJson, print_json, print_table

YEAR_SECONDS = 365.25 * 86400


def register(app: typer.Typer) -> None:
    app.command("backtest")(run_backtest)


def run_backtest(
    data: Annotated[str, typer.Option(help="instruments, such as XNYS:AAPL,XNYS:IBM")],
    policy: Annotated[str, typer.Option(help="rule:NAME@V or sha256:…")] = "rule:momentum@1",
    interval: Annotated[Interval, typer.Option(help="bar interval")] = Interval.DAY,
    start: Annotated[str, typer.Option("--from", help="first day")] = "2000-01-01",
    to: Annotated[str, typer.Option(help="last day")] = "2099-01-01",
    commission_bps: Annotated[float, typer.Option(help="commission in basis points")] = 1.0,
    cash: Annotated[float, typer.Option(help="starting cash")] = 100_000.0,
    history: Annotated[Path | None, typer.Option(help="history store")] = None,
    as_json: AsJson = False,
) -> None:
    """Statistics (each with its convention), against buy-and-hold, after costs, next-bar fills."""
    instruments = tuple(name.strip() for name in data.split(",") if name.strip())
    root = str(history or STATE / "history")
    try:
        panel = History(root).read_panel(instruments, interval, _day(start), _day(to))
        if len(panel) <= WINDOW + 1:
            raise UsageProblem(
                f"{len(panel)} common bars; the features alone need {WINDOW}", "a longer span"
            )
        store = PolicyStore(str(STATE / "artifacts"))
        policies = [store.load(name, instruments) for name in (policy, "rule:buy-and-hold@1")]
    except (MarketError, PolicyError) as error:
        raise NotFound(str(error), "shiftdesk data list") from error
    terms = Terms(
        profile=RiskProfile.BOLD,
        costs=CostModel(commission_bps=commission_bps),
        starting_cash=cash,
    )
    runs = backtest(World.of(panel), policies, terms)
    found = {run.policy: statistics(run) for run in runs}
    document: dict[str, object] = {
        "policy": policy,
        "instruments": instruments,
        "interval": interval,
        "synthetic": bool(panel.synthetic),
        "statistics": found[policy],
        "benchmark": found["rule:buy-and-hold@1"],
        "fills_sha256": fills_hash(runs[0]),
        "conventions": CONVENTIONS,
    }
    if as_json:
        return print_json(document)
    label = " (synthetic bars)" if panel.synthetic else ""
    names = list(found)
    rows = [(key, *(f"{found[name][key]:,.4f}" for name in names)) for key in found[policy]]
    return print_table(("statistic", *names), rows, title=f"{len(panel)} bars{label}")


CONVENTIONS = {
    "total_return": "geometric, after costs",
    "annual_return": "geometric, by calendar time",
    "sharpe": "mean over deviation (ddof 1) of log growth per bar, times sqrt(bars a year)",
    "max_drawdown": "largest fall from a peak of equity at bar closes",
    "turnover_a_year": "traded value over equity, summed, per year",
}


def statistics(run: Run) -> dict[str, float]:
    """Figures of one run; `CONVENTIONS` says how each is made."""
    years = max(float(run.ends[-1] - run.ends[0]) / 1e9 / YEAR_SECONDS, 1e-9)
    growth, equity = run.growth, run.equity
    deviation = float(np.std(growth, ddof=1))
    total = float(equity[-1] / equity[0] - 1.0)
    return {
        "total_return": total,
        "annual_return": (1.0 + total) ** (1.0 / years) - 1.0 if total > -1 else -1.0,
        "sharpe": float(np.mean(growth)) / deviation * np.sqrt(len(growth) / years)
        if deviation
        else 0.0,
        "max_drawdown": float(np.max(1.0 - equity / np.maximum.accumulate(equity))),
        "turnover_a_year": float(run.turnover.sum()) / years,
        "fees": float(run.fees.sum()),
        "fills": float(np.count_nonzero(run.quantities)),
        "final_equity": float(equity[-1]),
    }


def fills_hash(run: Run) -> str:
    """The same fills, the same hash: of bar ends and quantities, in order."""
    digest = hashlib.sha256()
    digest.update(run.ends[1:].tobytes())
    digest.update(np.ascontiguousarray(run.quantities).tobytes())
    return digest.hexdigest()


def _day(text: str) -> datetime:
    try:
        return (
            parse_instant(text) if "T" in text else datetime.fromisoformat(text).replace(tzinfo=UTC)
        )
    except ValueError as error:
        raise UsageProblem(f"{text!r} is no date: {error}", "write YYYY-MM-DD") from error
