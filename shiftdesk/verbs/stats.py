"""`shiftdesk stats`: figures of any series of returns, and how sure one may be of them."""

import math
from pathlib import Path
from typing import Annotated

import typer

from ai_pod.agents.learning.statistics import (
    expected_best,
    minimum_track_record,
    moments,
    probabilistic_sharpe,
)
from ai_pod.policies.performance import of_returns
from market.errors import BadData
from shiftdesk.errors import NotFound, UsageProblem
from shiftdesk.evaluation import CONVENTIONS
from shiftdesk.examples import examples
from shiftdesk.figures import shown
from shiftdesk.output import AsJson, print_json, print_table
from shiftdesk.series import Kind, read_series

SURE = {
    "sharpe": "as given",
    "psr": "probability that the true Sharpe ratio is above zero (Bailey, López de Prado 2012)",
    "expected_best": "Sharpe ratio of the best of all trials if none has skill, annual where the "
    "given one is (Bailey, López de Prado 2014, eq. 1)",
    "deflated_sharpe": "probability that the true Sharpe ratio is above that of the best of all "
    "trials by luck (Bailey, López de Prado 2014, eq. 2)",
    "minimum_track_record": "periods after which such a ratio is above zero with 95 % confidence",
}


def register(app: typer.Typer) -> None:
    app.command(
        "stats",
        epilog=examples(
            "stats returns.csv",
            "stats equity.csv --column equity --kind prices --trials 40 --trials-variance 0.5",
            "stats --sharpe 1.2 --periods 1250 --annual 252 --json",
        ),
    )(stats)


def stats(
    file: Annotated[Path | None, typer.Argument(help="CSV, Parquet or JSON")] = None,
    column: Annotated[str, typer.Option(help="which, if there are several")] = "",
    kind: Annotated[Kind | None, typer.Option(help="what the column holds")] = None,
    sharpe: Annotated[float | None, typer.Option(help="instead of a file")] = None,
    periods: Annotated[float | None, typer.Option(help="of the given Sharpe ratio")] = None,
    skew: Annotated[float, typer.Option(help="of the returns")] = 0.0,
    kurtosis: Annotated[float, typer.Option(help="of the returns; a normal one is 3")] = 3.0,
    trials: Annotated[int, typer.Option(min=1, help="how many were ever tried")] = 1,
    trials_variance: Annotated[
        float, typer.Option(min=0.0, help="variance of their Sharpe ratios")
    ] = 0.0,
    annual: Annotated[
        float | None, typer.Option(min=1e-9, help="periods a year; Sharpe and variance are annual")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Figures of a file, each with its convention; or PSR and deflated Sharpe of given moments."""
    if (file is None) == (sharpe is None):
        raise UsageProblem("give a file, or --sharpe and --periods", "shiftdesk stats FILE")
    if file is not None:
        return _of_file(file, (column, kind), annual, (trials, trials_variance), as_json)
    if periods is None or periods <= 1:
        raise UsageProblem("--sharpe needs --periods above 1", "--periods 1250")
    given = float(sharpe or 0.0)
    root = math.sqrt(annual or 1.0)
    sure = _sure((given / root, periods, skew, kurtosis), root, (trials, trials_variance))
    figures = {"sharpe": given, **sure}
    settings = {
        "periods": periods,
        "skew": skew,
        "kurtosis": kurtosis,
        "trials": trials,
        "trials_variance": trials_variance,
        "annual": annual,
    }
    return _tell({"settings": settings}, figures, SURE, as_json)


def _of_file(
    file: Path,
    which: tuple[str, Kind | None],
    annual: float | None,
    tried: tuple[int, float],
    as_json: bool,
) -> None:
    if not file.is_file():
        raise NotFound(f"there is no file {file}", "shiftdesk stats FILE")
    try:
        series = read_series(file, *which)
    except BadData as error:
        raise UsageProblem(f"{file}: {error}", "mend the file, or --column, --kind") from error
    a_year = annual or series.a_year
    figures = of_returns(series.returns, a_year, series.ends)
    figures |= _sure(moments(series.returns), math.sqrt(a_year), tried)
    about = {
        "file": str(file),
        "column": series.column,
        "kind": series.kind,
        "period": series.period if annual is None else "as told",
        "returns": len(series.returns),
    }
    return _tell(about, figures, CONVENTIONS | SURE | {"sharpe": CONVENTIONS["sharpe"]}, as_json)


def _sure(
    of: tuple[float, float, float, float], root: float, tried: tuple[int, float]
) -> dict[str, float]:
    """How sure one may be of a Sharpe ratio: its moments are per period, `root` makes it annual."""
    ratio, periods, skew, kurtosis = of
    trials, variance = tried
    sure = {
        "psr": probabilistic_sharpe(ratio, periods, skew, kurtosis),
        "minimum_track_record": minimum_track_record(ratio, skew, kurtosis),
    }
    if trials > 1:
        best = expected_best(trials, math.sqrt(variance) / root)
        sure["expected_best"] = best * root
        sure["deflated_sharpe"] = probabilistic_sharpe(ratio, periods, skew, kurtosis, best)
    return sure


def _tell(
    about: dict[str, object], figures: dict[str, float], how: dict[str, str], as_json: bool
) -> None:
    conventions = {name: how[name] for name in figures}
    if as_json:
        return print_json({**about, "statistics": figures, "conventions": conventions})
    title = ", ".join(f"{name} {value}" for name, value in about.items() if name != "settings")
    rows = [(name, shown(name, value), conventions[name]) for name, value in figures.items()]
    return print_table(("statistic", "", "how"), rows, title=title)
