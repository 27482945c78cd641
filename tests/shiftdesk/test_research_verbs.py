"""`backtest`, `train` and `data fetch` on a history of the test's own."""

import asyncio
import csv
import hashlib
import json
import math
import random
import signal
from asyncio.subprocess import PIPE
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import torch

from market.calendars import trading_sessions
from tests.support.command_line import SHIFTDESK, heed_ctrl_c, shiftdesk
from tests.support.people import until
from tests.support.verbs import verb

LINE = "XNYS/UP/1d/bold"
RULE = "rule:buy-and-hold@1"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three years of days of XNYS:UP, which drifts upwards, and 20 days of XNYS:NEW."""
    made = tmp_path_factory.mktemp("research")
    for symbol, first in (("UP", date(2010, 1, 4)), ("NEW", date(2012, 12, 3))):
        _write(made / f"{symbol}.csv", first, date(2012, 12, 28))
        done = verb(made, "data", "import", f"{symbol}.csv", "--instrument", f"XNYS:{symbol}")
        assert done.code == 0, done.error
    return made


def _write(path: Path, first: date, last: date) -> None:
    moves, price = random.Random(7), 100.0
    with path.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("date", "open", "high", "low", "close", "volume"))
        for instant in trading_sessions("XNYS", first, last).opens:
            day = date(1970, 1, 1) + timedelta(days=int(instant) // 86_400_000_000_000)
            close = price * math.exp(moves.gauss(0.001, 0.01))
            high, low = max(price, close), min(price, close)
            rows.writerow((day, *(f"{p:.4f}" for p in (price, high, low, close)), 1000))
            price = close


def test_a_backtest_gives_the_same_figures_and_fills_twice(folder: Path) -> None:
    command = ("backtest", "--data", "XNYS:UP", "--policy", RULE, "--json")
    first = json.loads(shiftdesk(folder, *command).stdout)
    assert first == json.loads(verb(folder, *command).output)
    assert first["v"] == 1
    figures = first["statistics"]
    assert figures == first["benchmark"]
    assert figures["fills"] == 1
    assert figures["total_return"] > 0
    assert figures["final_equity"] == pytest.approx(100_000 * (1 + figures["total_return"]))
    assert 0 < figures["max_drawdown"] < 1
    assert set(first["conventions"]) == {*figures, *first["against_benchmark"]}
    assert len(first["fills_sha256"]) == len(hashlib.sha256().hexdigest())


def test_a_store_may_be_a_url_and_an_empty_one_is_not_called_well(folder: Path) -> None:
    kept = ("--history", f"memory://{folder.name}")
    assert verb(folder, "data", "verify", *kept).code == 3
    imported = verb(folder, "data", "import", "UP.csv", "--instrument", "XNYS:UP", *kept)
    assert imported.code == 0, imported.error
    assert verb(folder, "data", "verify", *kept).code == 0
    (listed,) = json.loads(verb(folder, "data", "list", *kept, "--json").output)["series"]
    assert listed["instrument"]["symbol"] == "UP"
    assert verb(folder, "backtest", "--data", "XNYS:UP", "--policy", RULE, *kept).code == 0
    assert not (folder / "memory:").exists()


async def test_an_interrupted_training_goes_on_to_its_verdict_and_is_not_judged_twice(
    folder: Path,
) -> None:
    command = ("train", LINE, "--protocol", "small", "--seeds", "1", "--algorithm", "a2c")
    trials = folder / ".shiftdesk" / "artifacts" / "learning"
    process = await asyncio.create_subprocess_exec(
        SHIFTDESK, *command, cwd=folder, stdout=PIPE, stderr=PIPE, preexec_fn=heed_ctrl_c
    )
    await until(lambda: [*trials.rglob("trial-*.json")], 60.0, what="a finished trial")
    process.send_signal(signal.SIGINT)
    _, said = await asyncio.wait_for(process.communicate(), 60.0)
    assert process.returncode == 130, said
    assert b"the same command goes on" in said
    assert [*trials.rglob("*.checkpoint")]
    done = await asyncio.to_thread(shiftdesk, folder, *command, "--json")
    assert done.returncode == 0, done.stderr
    _is_kept(json.loads(done.stdout))
    again = await asyncio.to_thread(verb, folder, *command)
    assert again.code == 4
    assert "judged" in again.error


def _is_kept(document: dict[str, Any]) -> None:
    """The champion, after one trial and on too little evidence."""
    assert document["v"] == 1
    verdict, training = document["verdict"], document["training"]
    assert verdict["verdict"] == "champion_kept"
    assert "1 seeds are too few evidence" in verdict["sentence"]
    assert {"challenger", "champion", "buy-and-hold"} <= {c["name"] for c in verdict["competitors"]}
    # Had it begun anew, the trial that was given up would count as well.
    assert verdict["trials"] == 1
    assert (training["algorithm"], training["device"]) == ("a2c", "cpu")
    assert len(training["seeds"]) == 1
    assert 50 < training["peak_memory_mb"] < 2000


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("train", "XNYS/UP/1d"), 2, "no policy line"),
        (("train", "XNYS/UP/1d/reckless"), 2, "no policy line"),
        (("train", "XNYS/GONE/1d/bold"), 3, "unknown instrument 'XNYS:GONE'"),
        (("train", LINE, "--until", "soon"), 2, "'soon' is no date"),
        (("train", LINE, "--until", "2010-02-01"), 2, "bars side by side"),
        (("train", LINE, "--champion", "rule:none@1"), 3, "no rule 'rule:none@1'"),
        (("train", LINE, "--champion", "sha256:" + "0" * 64), 3, "no artifact"),
        (("train", LINE, "--seeds", "0"), 2, "--seeds"),
        (("train", LINE, "--algorithm", "dqn"), 2, "--algorithm"),
        (("backtest", "--data", "XNYS:GONE"), 3, "unknown instrument"),
        (("backtest", "--data", ","), 3, "at least one instrument"),
        (("backtest", "--data", "XNYS:NEW"), 2, "bars side by side"),
        (("backtest", "--data", "XNYS:UP", "--from", "2012-13-01"), 2, "no date"),
        (("backtest", "--data", "XNYS:UP", "--policy", "nonsense"), 3, "nonsense"),
        (("data", "fetch", "nonsense"), 3, "eurusd, es-ticks"),
    ],
)
def test_what_cannot_be_had_is_refused_in_words(
    folder: Path, arguments: tuple[str, ...], code: int, words: str
) -> None:
    said = verb(folder, *arguments)
    assert said.code == code, said.error
    assert words in said.error
    assert not said.output


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a CUDA device")
def test_a_device_that_is_not_there_is_refused_in_words(folder: Path) -> None:
    said = verb(folder, "train", LINE, "--device", "cuda")
    assert said.code == 2
    assert "no CUDA device here" in said.error


@pytest.mark.parametrize(
    ("name", "series"), [("eurusd", ("FX:EURUSD", "1h")), ("es-ticks", ("CME:ES", "ticks"))]
)
def test_a_recording_is_fetched_listed_and_verified(
    tmp_path: Path, name: str, series: tuple[str, str]
) -> None:
    done = shiftdesk(tmp_path, "data", "fetch", name, "--json")
    if "pip could not download" in done.stderr:
        pytest.skip(done.stderr)
    assert done.returncode == 0, done.stderr
    stored = json.loads(done.stdout)["stored"]
    listed = json.loads(verb(tmp_path, "data", "list", "--json").output)["series"]
    assert {one["file"] for one in listed} == {one["file"] for one in stored}
    kept = {
        (f"{s['instrument']['venue']}:{s['instrument']['symbol']}", s["interval"]) for s in listed
    }
    assert series in kept
    assert verb(tmp_path, "data", "verify").code == 0
