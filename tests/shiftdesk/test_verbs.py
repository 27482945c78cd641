"""The command line at its edges: exit codes, refusals in words, JSON without anything around it."""

import json
from pathlib import Path

import pytest

from tests.support.command_line import shiftdesk
from tests.support.verbs import verb

GOOD = "date,open,high,low,close,volume\n2012-10-15,10,11,9,10.5,100\n2012-10-16,10.5,12,10,11,90\n"


def test_without_a_cluster_status_says_the_next_step(tmp_path: Path) -> None:
    done = shiftdesk(tmp_path)
    assert done.returncode == 0
    assert "shiftdesk up --demo" in done.stdout
    assert json.loads(shiftdesk(tmp_path, "status", "--json").stdout) == {"v": 1, "running": False}


@pytest.mark.parametrize(("arguments", "code"), [(("pods",), 3), (("nonsense",), 2)])
def test_exit_codes_tell_what_went_wrong(
    tmp_path: Path, arguments: tuple[str, ...], code: int
) -> None:
    done = shiftdesk(tmp_path, *arguments)
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    assert done.stderr


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("bench", "nonsense"), 3),
        (("up", "--clock", "soon"), 2),
        (("up", "--port", "99999"), 2),
        (("train", "not-a-line"), 2),
    ],
)
def test_a_wrong_argument_is_refused(tmp_path: Path, arguments: tuple[str, ...], code: int) -> None:
    said = verb(tmp_path, *arguments)
    assert said.code == code, said.error
    assert said.error


def test_a_good_file_is_imported_and_listed(tmp_path: Path) -> None:
    (tmp_path / "good.csv").write_text(GOOD)
    done = shiftdesk(tmp_path, "data", "import", "good.csv", "--instrument", "XNYS:NEW")
    assert done.returncode == 0, done.stderr
    listed = json.loads(verb(tmp_path, "data", "list", "--json").output)
    assert [series["rows"] for series in listed["series"]] == [2]
    assert verb(tmp_path, "data", "verify").code == 0


def test_a_bad_file_is_refused_with_row_and_reason_and_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "good.csv").write_text(GOOD)
    (tmp_path / "bad.csv").write_text(GOOD + "2012-10-17,11,10,12,11,50\n")
    assert verb(tmp_path, "data", "import", "good.csv", "--instrument", "XNYS:NEW").code == 0
    done = shiftdesk(tmp_path, "data", "import", "bad.csv", "--instrument", "XNYS:NEW")
    assert done.returncode == 2
    assert "row 3" in done.stderr
    listed = json.loads(verb(tmp_path, "data", "list", "--json").output)
    assert [series["rows"] for series in listed["series"]] == [2]
