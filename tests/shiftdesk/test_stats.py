"""`stats`: any series of returns, and Sharpe ratios of given moments as the papers print them."""

import json
from pathlib import Path

import pandas as pd
import pytest

from tests.support.verbs import verb

DSR = ("--sharpe", "2.5", "--periods", "1250", "--skew", "-3", "--kurtosis", "10")
TRIED = ("--trials-variance", "0.5", "--annual", "250")


@pytest.mark.parametrize(("trials", "printed"), [("100", "0.9004"), ("46", "0.9505")])
def test_the_deflated_sharpe_ratio_is_the_papers(tmp_path: Path, trials: str, printed: str) -> None:
    # Bailey, López de Prado 2014, "The Deflated Sharpe Ratio", numerical example
    said = verb(tmp_path, "stats", *DSR, "--trials", trials, *TRIED, "--json")
    assert said.code == 0, said.error
    figures = json.loads(said.output)["statistics"]
    assert f"{figures['deflated_sharpe']:.4f}" == printed


def test_the_probabilistic_sharpe_ratio_is_the_papers(tmp_path: Path) -> None:
    # Bailey, López de Prado 2012, "The Sharpe Ratio Efficient Frontier": 24 months of a hedge fund
    moments = ("--sharpe", "0.458", "--periods", "24", "--skew", "-2.448", "--kurtosis", "10.164")
    figures = json.loads(verb(tmp_path, "stats", *moments, "--json").output)["statistics"]
    assert f"{figures['psr']:.3f}" == "0.913"


def dated(column: str, values: list[object], frequency: str = "B") -> str:
    dates = pd.date_range("2020-01-31", periods=len(values), freq=frequency)
    rows = [f"{date:%F},{value}" for date, value in zip(dates, values, strict=True)]
    return "\n".join([f"date,{column}", *rows]) + "\n"


UP = [0.01, -0.02, 0.03, 0.005] * 10
WORTH = [100.0 * 1.01**day * (1 + 0.01 * (day % 3)) for day in range(40)]


@pytest.mark.parametrize(
    ("name", "text", "kind", "period", "count"),
    [
        ("returns.csv", dated("return", list(UP)), "returns", "daily", 40),
        ("percent.csv", dated("r (%)", [100 * r for r in UP]), "returns", "daily", 40),
        ("signs.csv", dated("ret", [f"{r:.1%}" for r in UP]), "returns", "daily", 40),
        ("first.csv", dated("daily_return", ["", *UP[1:]]), "returns", "daily", 39),
        ("month.csv", dated("x", list(UP), "ME"), "returns", "monthly", 40),
        ("equity.csv", dated("equity", list(WORTH), "W"), "prices", "weekly", 39),
        ("days.csv", dated("nav", list(WORTH), "D"), "prices", "daily, weekends too", 39),
        ("plain.json", json.dumps(UP), "returns", "daily, as assumed: there are no dates", 40),
        ("hours.csv", dated("close", list(WORTH), "D"), "prices", "daily, weekends too", 39),
    ],
)
def test_column_kind_and_period_are_found(
    tmp_path: Path, name: str, text: str, kind: str, period: str, count: int
) -> None:
    (tmp_path / name).write_text(text)
    said = verb(tmp_path, "stats", name, "--json")
    assert said.code == 0, said.error
    found = json.loads(said.output)
    assert (found["kind"], found["period"], found["returns"]) == (kind, period, count)
    assert set(found["conventions"]) == set(found["statistics"])


def test_percent_signs_and_fractions_are_the_same_series(tmp_path: Path) -> None:
    for name, values in (("a", UP), ("b", [f"{r:.1%}" for r in UP])):
        (tmp_path / f"{name}.csv").write_text(dated("return", list(values)))
    one, other = (
        json.loads(verb(tmp_path, "stats", f"{name}.csv", "--json").output)["statistics"]
        for name in "ab"
    )
    assert one["total_return"] == pytest.approx(other["total_return"], rel=1e-12)


def test_parquet_with_its_dates_in_the_index_is_read(tmp_path: Path) -> None:
    frame = pd.DataFrame({"equity": WORTH}, index=pd.date_range("2020-01-01", periods=40, freq="B"))
    frame.to_parquet(tmp_path / "equity.parquet")
    found = json.loads(verb(tmp_path, "stats", "equity.parquet", "--json").output)
    assert found["period"] == "daily"
    assert found["statistics"]["total_return"] == pytest.approx(WORTH[-1] / WORTH[0] - 1)


ZONES = "date,return\n2020-01-01T10:00:00Z,0.1\n2020-01-02T10:00:00,0.1\n2020-01-03T10:00:00Z,0.1\n"
SHUFFLED = "date,return\n2020-01-03,0.1\n2020-01-02,0.1\n2020-01-06,0.1\n"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (dated("return", [0.1, "x", 0.1, 0.1]), "row 2: it is no number"),
        (dated("return", [0.1, 0.1, "", 0.1]), "row 3: it is no number"),
        (dated("return", [0.1, 0.1, -1.5, 0.1]), "row 3: a return below -100 %"),
        (dated("equity", [10.0, -1.0, 11.0, 12.0]), "row 2: the price is not positive"),
        (dated("return", [0.1, "inf", 0.1]), "row 2: it is no number"),
        (dated("return", [0.1]), "too few"),
        (ZONES, "row 2: timestamps with and without a zone are mixed"),
        (SHUFFLED, "row 2: the timestamp is earlier"),
        (SHUFFLED.replace("2020-01-02", "2020-01-03"), "row 2: the timestamp is there twice"),
        (SHUFFLED.replace("2020-01-02", "soon"), "row 2: no ISO 8601 date"),
        ("date,a,b\n2020-01-01,1,2\n", "which column? a, b"),
        ("date,return\n", "no rows"),
        ("", "cannot be read"),
    ],
)
def test_a_bad_series_is_refused_with_its_row(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "bad.csv").write_text(text)
    said = verb(tmp_path, "stats", "bad.csv")
    assert said.code == 2
    assert words in said.error


@pytest.mark.parametrize(
    ("arguments", "code"),
    [((), 2), (("gone.csv",), 3), (("--sharpe", "1"), 2), (("x.csv", "--sharpe", "1"), 2)],
)
def test_what_is_asked_wrongly_is_refused(
    tmp_path: Path, arguments: tuple[str, ...], code: int
) -> None:
    assert verb(tmp_path, "stats", *arguments).code == code
