"""What Lambda calls: batches, the metric, and settings from environment and secret."""

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from infra.functions import handlers
from infra.functions.settings import JobSettings

DAILY = "date,open,high,low,close,volume\n2012-10-15,10,11,9,10.5,100\n"
EVENT = {"Records": [{"messageId": "one", "body": '{"job": "prepare"}'}]}


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    told = {
        "SHIFTDESK_NAME": "shiftdesk-test",
        "SHIFTDESK_HISTORY": str(tmp_path / "history"),
        "SHIFTDESK_INCOMING": str(tmp_path),
        "SHIFTDESK_REPORTS": str(tmp_path / "reports"),
    }
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    return tmp_path


def test_a_message_is_worked_off(store: Path) -> None:
    file = store / "incoming" / "XNYS" / "1d" / "XNYS_IBM.csv"
    file.parent.mkdir(parents=True)
    file.write_text(DAILY)
    assert handlers.prepare(EVENT) == {"batchItemFailures": []}
    assert not file.exists()
    assert (store / "history" / "1d" / "XNYS_IBM.json").is_file()


def test_a_message_whose_job_failed_comes_again(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHIFTDESK_FEED", "alpaca")
    monkeypatch.setenv("SHIFTDESK_FEED_INSTRUMENTS", "AAPL")
    told = {"Records": [{"messageId": "one"}, {"messageId": "two"}]}
    failed = [{"itemIdentifier": "one"}, {"itemIdentifier": "two"}]
    assert handlers.prepare(told) == {"batchItemFailures": failed}, "there are no keys"


def test_an_analysis_of_nothing_still_says_that_it_ran(
    store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert handlers.analyse(EVENT) == {"batchItemFailures": []}
    told = json.loads(capsys.readouterr().out)
    assert told["history_problems"] == 0
    assert told["environment"] == "shiftdesk-test"
    [metrics] = told["_aws"]["CloudWatchMetrics"]
    assert metrics == {
        "Namespace": "Shiftdesk",
        "Dimensions": [["environment"]],
        "Metrics": [{"Name": "history_problems"}],
    }


def test_the_metric_counts_the_problems_of_the_newest_reports(
    store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = store / "incoming" / "XNYS" / "1d" / "XNYS_IBM.csv"
    file.parent.mkdir(parents=True)
    file.write_text(DAILY)
    handlers.prepare(EVENT)
    now = datetime(2012, 10, 17, 23, tzinfo=UTC)
    [report] = handlers.report_history(JobSettings(), now)
    assert report.problems == 1
    assert json.loads(capsys.readouterr().out)["history_problems"] == 1


def test_a_rotation_loads_nothing_of_price_history() -> None:
    """Its function has an eighth of the jobs' memory."""
    asked = "import sys, infra.functions.rotating; print(*sys.modules)"
    said = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, check=True
    ).stdout.split()
    assert "psycopg" in said
    assert {"pandas", "pyarrow", "numpy"} & set(said) == set()
