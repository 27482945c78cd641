"""`backtest` and `lookahead` of strategies: what they write, and what they refuse."""

import csv
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.support.build_learning import panel, stored
from tests.support.verbs import verb

DATA = ("--data", "XNYS:S0,XNYS:S1,XNYS:S2", "--interval", "15m")
DAYS = "date,open,high,low,close,volume\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """900 synthetic quarter hours of three instruments in the history store."""
    made = tmp_path_factory.mktemp("backtest")
    stored(str(made / ".shiftdesk" / "history"), panel(900, 3, seed=9))
    return made


def test_a_strategy_leaves_figures_fills_equity_a_report_and_a_record(folder: Path) -> None:
    files = ("--fills", "fills.csv", "--equity", "equity.json", "--report", "report.html")
    split = ("--out-of-sample-from", "2012-01-08")
    said = verb(folder, "backtest", "--strategy", "sma-cross", *DATA, *files, *split, "--json")
    assert said.code == 0, said.error
    document = json.loads(said.output)
    figures = document["statistics"]
    assert set(document["conventions"]) == {*figures, *document["against_benchmark"]}
    assert document["benchmark_name"] == "buy-and-hold"
    assert document["benchmark"]["fills"] == 3.0
    assert document["settings"]["parameters"] == 2
    with (folder / "fills.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == figures["fills"] > 10
    cash = 100_000.0 - sum(
        float(row["quantity"]) * float(row["price"]) + float(row["commission"]) for row in rows
    )
    held = dict.fromkeys(document["instruments"], 0.0)
    for row in rows:
        held[row["instrument"]] += float(row["quantity"])
    last = dict(zip(document["instruments"], panel(900, 3, seed=9).close[-1], strict=True))
    worth = cash + sum(quantity * last[name] for name, quantity in held.items())
    assert worth == pytest.approx(figures["final_equity"], rel=1e-9)
    equity = json.loads((folder / "equity.json").read_text())["rows"]
    assert len(equity) == 900
    assert equity[-1]["equity"] == figures["final_equity"]
    parts = document["parts"]
    assert parts["in_sample"]["to"] < parts["out_of_sample"]["from"]
    assert parts["out_of_sample"]["from"].startswith("2012-01-08")
    kept = json.loads((folder / document["record"]).read_text())
    assert kept == {k: v for k, v in document.items() if k not in ("v", "record")}


def test_the_report_is_one_page_that_says_that_bars_are_synthetic(folder: Path) -> None:
    report = ("--report", "alone.html", "--out-of-sample-from", "2012-01-08")
    said = verb(folder, "backtest", "--strategy", "mean-reversion", *DATA, *report)
    assert said.code == 0, said.error
    assert "synthetic_bars" in said.output
    page = (folder / "alone.html").read_text()
    assert "SYNTHETIC BARS" in page
    assert "no market has made them" in page
    assert "out of sample from 2012-01-08" in page
    assert page.count("<svg") == 6
    assert not re.search(r'(?:src|href)="(?!#|data:)', page)
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))


def test_the_same_backtest_twice_is_the_same_record(folder: Path) -> None:
    command = ("backtest", "--strategy", "random", "--set", "seed=3", *DATA, "--json")
    one, again = (json.loads(verb(folder, *command).output) for _ in range(2))
    assert one == again
    other = (*command[:4], "seed=4", *command[5:])
    assert json.loads(verb(folder, *other).output)["fills_sha256"] != one["fills_sha256"]


def test_bars_before_the_first_day_are_known_and_not_traded(folder: Path) -> None:
    command = ("backtest", "--strategy", "buy-and-hold", *DATA, "--from", "2012-01-08", "--json")
    document = json.loads(verb(folder, *command).output)
    assert document["equity"]["end"][0].startswith("2012-01-08")
    assert document["statistics"]["fills"] == 3.0
    assert document["statistics"]["time_in_market"] == 1.0


@pytest.mark.parametrize("benchmark", ["random", "cash", "rule:equal-weight@1"])
def test_a_policy_runs_beside_any_benchmark(folder: Path, benchmark: str) -> None:
    said = verb(folder, "backtest", *DATA, "--benchmark", benchmark, "--json")
    assert said.code == 0, said.error
    document = json.loads(said.output)
    assert document["policy"] == "rule:momentum@1"
    assert document["benchmark_name"] == benchmark


def days(count: int = 60) -> list[str]:
    closes = 100 + np.cumsum(np.random.default_rng(0).normal(0, 0.5, count))
    dates = np.datetime64("2020-01-01") + np.arange(count)
    return [
        f"{day},{close:.2f},{close + 1:.2f},{close - 1:.2f},{close:.2f},1000"
        for day, close in zip(dates, closes, strict=True)
    ]


def test_bars_come_from_a_file_too(folder: Path) -> None:
    (folder / "mine.csv").write_text(DAYS + "\n".join(days()) + "\n")
    said = verb(folder, "backtest", "--strategy", "equal-weight", "--data", "mine.csv", "--json")
    assert said.code == 0, said.error
    assert json.loads(said.output)["instruments"] == ["FILE:mine"]


BAD = {
    "NaN": (lambda rows: [*rows[:9], f"{rows[9][:-4]}nan", *rows[10:]], "row 10: volume is no"),
    "negative": (lambda rows: [f"{rows[0][:10]},-1,1,-1,1,5", *rows[1:]], "row 1: open is not"),
    "shuffled": (lambda rows: [*rows[:20], rows[5], *rows[20:]], "row 21: the timestamp is earl"),
    "doubled": (lambda rows: [*rows[:20], *rows[19:]], "row 21: the timestamp is there twice"),
    "no date": (lambda rows: [*rows[:3], f"soon{rows[3][10:]}", *rows[4:]], "row 4: no date"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_file_is_refused_with_its_row_and_nothing_is_lost(folder: Path, case: str) -> None:
    change, words = BAD[case]
    (folder / "bad.csv").write_text(DAYS + "\n".join(change(days())) + "\n")
    (folder / "old.html").write_text("an older report")
    command = ("backtest", "--strategy", "cash", "--data", "bad.csv", "--report", "old.html")
    said = verb(folder, *command)
    assert said.code == 2
    assert words in said.error
    assert (folder / "old.html").read_text() == "an older report"


def test_columns_that_are_missing_and_zones_that_are_mixed_are_refused(folder: Path) -> None:
    hours = [
        f"2020-01-01T{hour:02d}:00:00{'Z' if hour != 7 else ''},1,1,1,1,5" for hour in range(24)
    ]
    (folder / "zones.csv").write_text("timestamp,open,high,low,close,volume\n" + "\n".join(hours))
    (folder / "short.csv").write_text("date,open,high,close,volume\n2020-01-01,1,1,1,5\n")
    command = ("backtest", "--strategy", "cash", "--data")
    mixed = verb(folder, *command, "zones.csv", "--interval", "1h")
    assert (mixed.code, "row 8: timestamps with and without a zone" in mixed.error) == (2, True)
    missing = verb(folder, *command, "short.csv")
    assert (missing.code, "columns are missing: low" in missing.error) == (2, True)


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("--strategy", "nonsense", *DATA), 3, "no strategy 'nonsense'"),
        (("--strategy", "cash", "--policy", "rule:cash@1", *DATA), 2, "both given"),
        (("--strategy", "sma-cross", "--set", "quick=1", *DATA), 2, "no setting quick"),
        (("--strategy", "sma-cross", "--set", "fast", *DATA), 2, "no NAME=NUMBER"),
        (("--strategy", "cash", "--cost", "luck=1", *DATA), 2, "no cost luck"),
        (("--strategy", "cash", "--cost", "impact=-1", *DATA), 2, "impact is -1"),
        (("--cost", "impact=1", *DATA), 2, "no volume"),
        (("--strategy", "cash", "--data", "gone.csv"), 3, "no file gone.csv"),
        (("--strategy", "cash", *DATA, "--from", "2013-01-01"), 2, "0 bars from 2013-01-01"),
        (("--strategy", "cash", *DATA, "--report", "page.pdf"), 2, "should end in .html"),
        (("--strategy", "cash", *DATA, "--benchmark", "rule:cash@1"), 2, "needs 32 bars before"),
    ],
)
def test_what_cannot_be_run_is_refused_in_words(
    folder: Path, arguments: tuple[str, ...], code: int, words: str
) -> None:
    said = verb(folder, "backtest", *arguments)
    assert said.code == code, said.error
    assert words in said.error


DOCUMENTED = Path(__file__).parents[2] / "docs" / "strategy.md"
BROKEN = """
import time
import numpy as np

class Raises:
    name, parameters = "raises", 0
    def targets(self, panel):
        return panel.closes

class Endless:
    name, parameters = "endless", 0
    def targets(self, panel):
        while True:
            time.sleep(1)

class Nothing:
    name, parameters = "nothing", 0
    def targets(self, panel):
        print("said on the way")
        return np.full(panel.close.shape, np.nan)

class Cheat:
    name, parameters = "cheat", 0
    def targets(self, panel):
        wanted = np.zeros(panel.close.shape)
        wanted[400:-1] = (panel.close[401:] > panel.close[400:-1]) / panel.close.shape[1]
        return wanted
"""


@pytest.fixture(scope="module")
def installed(folder: Path) -> Path:
    """The package of `docs/strategy.md`, and a broken one beside it, really installed."""
    project, site = folder / "project", folder / "site"
    project.mkdir()
    code, package = re.findall(r"```(?:python|toml)\n(.*?)```", DOCUMENTED.read_text(), re.S)
    broken = "".join(f'\n{name.lower()} = "broken:{name}"' for name in
                     ("Raises", "Endless", "Nothing", "Cheat", "Missing"))  # fmt: skip
    package = package.replace('"breakout:Breakout"', f'"breakout:Breakout"{broken}')
    (project / "breakout.py").write_text(code)
    (project / "broken.py").write_text(BROKEN)
    (project / "pyproject.toml").write_text(
        package.replace('["breakout"]', '["breakout", "broken"]')
    )
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps"]
    subprocess.run(
        [*command, "--no-build-isolation", "--target", str(site), str(project)],
        check=True,
        env=os.environ | {"PIP_DISABLE_PIP_VERSION_CHECK": "1"},
    )
    return site


@pytest.fixture
def plugged(installed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The installed packages are found, here and in processes apart."""
    monkeypatch.syspath_prepend(str(installed))
    paths = os.pathsep.join([str(installed), os.environ.get("PYTHONPATH", "")])
    monkeypatch.setenv("PYTHONPATH", paths)


@pytest.mark.usefixtures("plugged")
def test_the_documented_strategy_is_a_plugin_that_runs(folder: Path) -> None:
    command = ("backtest", "--strategy", "breakout", "--set", "window=30", *DATA, "--json")
    said = verb(folder, *command)
    assert said.code == 0, said.error
    document = json.loads(said.output)
    assert document["settings"]["parameters"] == 1
    assert document["statistics"]["trades"] > 5
    honest = verb(folder, "lookahead", "--strategy", "breakout", *DATA, "--cuts", "40", "--json")
    assert honest.code == 0, honest.error
    assert json.loads(honest.output)["honest"] is True


@pytest.mark.usefixtures("plugged")
@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("raises", r"raises raised AttributeError: .*'closes' \(broken.py, line 8\)"),
        ("endless", "endless was not done after 2 s, and was ended"),
        ("nothing", "nothing never says a weight"),
        ("missing", "strategy missing .* does not load"),
    ],
)
def test_a_strategy_that_fails_is_named_and_nothing_is_written(
    folder: Path, name: str, words: str
) -> None:
    (folder / "old.html").write_text("an older report")
    deadline = ("--deadline", "2") if name == "endless" else ()
    command = ("backtest", "--strategy", name, *DATA, *deadline, "--report", "old.html")
    said = verb(folder, *command)
    assert said.code == 1
    assert re.search(words, said.error)
    assert (folder / "old.html").read_text() == "an older report"


@pytest.mark.usefixtures("plugged")
def test_a_cheater_ends_with_1_and_its_first_bar(folder: Path) -> None:
    said = verb(folder, "lookahead", "--strategy", "cheat", *DATA, "--json")
    assert said.code == 1
    found = json.loads(said.output)
    assert found["honest"] is False
    assert 400 <= found["proof"]["row"] <= 403
    assert "sees the future" in said.error
    assert str(found["proof"]["row"] + 1) in said.error
