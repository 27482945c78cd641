"""Files that arrive: taken whole and put away, or refused with the reason and nothing changed."""

from pathlib import Path

import pytest

from infra.functions.arrivals import described, import_arrivals
from market.history import History
from market.words import Interval

DAILY = (
    "date,open,high,low,close,volume\n2012-10-15,10,11,9,10.5,100\n2012-10-16,10.5,12,10,11,200\n"
)
HOURS = "timestamp,open,high,low,close,volume\n2012-10-15T00:00:00Z,10,11,9,10.5,100\n"


def arrive(root: Path, path: str, content: str) -> None:
    file = root / "incoming" / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(content)


def files(root: Path, folder: str) -> list[str]:
    top = root / folder
    return sorted(str(one.relative_to(top)) for one in top.rglob("*") if one.is_file())


def test_good_files_are_imported_and_put_away(tmp_path: Path) -> None:
    history = History(str(tmp_path / "history"))
    arrive(tmp_path, "XNYS/1d/XNYS_IBM.csv", DAILY)
    arrive(tmp_path, "24-7/1h@start/KRAKEN_BTC%2FUSDT.csv", HOURS)

    crypto, stock = import_arrivals(str(tmp_path), history)

    assert (crypto.rows, stock.rows) == (1, 2)
    kept = history.find("KRAKEN:BTC/USDT", Interval.HOUR)
    assert kept is not None
    assert kept.instrument.calendar == "24/7"
    assert kept.last.hour == 1, "its stamp marks the beginning"
    assert files(tmp_path, "incoming") == []
    assert files(tmp_path, "imported") == [
        "24-7/1h@start/KRAKEN_BTC%2FUSDT.csv",
        "XNYS/1d/XNYS_IBM.csv",
    ]


def test_a_bad_row_refuses_the_file_and_says_why(tmp_path: Path) -> None:
    history = History(str(tmp_path / "history"))
    arrive(tmp_path, "XNYS/1d/XNYS_IBM.csv", DAILY.replace("10.5,12,10", "10.5,9,10"))
    arrive(tmp_path, "XNYS/1d/XNYS_AAPL.csv", DAILY)

    taken, refused = import_arrivals(str(tmp_path), history)

    assert taken.rows == 2
    assert refused.refused == "row 2: high is below low"
    reason = tmp_path / "refused" / "XNYS/1d/XNYS_IBM.csv.reason.txt"
    assert reason.read_text() == "row 2: high is below low\n"
    assert (tmp_path / "refused" / "XNYS/1d/XNYS_IBM.csv").is_file()
    assert [one.instrument.id for one in history.stored()] == ["XNYS:AAPL"]


def test_a_file_may_not_move_a_series_to_another_calendar(tmp_path: Path) -> None:
    history = History(str(tmp_path / "history"))
    arrive(tmp_path, "XNYS/1d/XNYS_IBM.csv", DAILY)
    import_arrivals(str(tmp_path), history)
    arrive(tmp_path, "24-7/1d/XNYS_IBM.csv", DAILY)

    [refused] = import_arrivals(str(tmp_path), history)

    assert "kept by the calendar XNYS" in refused.refused


def test_what_was_worked_off_is_not_worked_off_again(tmp_path: Path) -> None:
    history = History(str(tmp_path / "history"))
    arrive(tmp_path, "XNYS/1d/XNYS_IBM.csv", DAILY)
    import_arrivals(str(tmp_path), history)
    assert import_arrivals(str(tmp_path), history) == []


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("XNYS_IBM.csv", "CALENDAR/INTERVAL"),
        ("XNYS/1d/IBM.csv", "VENUE_SYMBOL"),
        ("XNYS/1d/_IBM.csv", "VENUE_SYMBOL"),
        ("XNYS/1d@middle/XNYS_IBM.csv", "start or the end"),
        ("XNYS/2d/XNYS_IBM.csv", "2d"),
    ],
)
def test_a_path_that_says_nothing_is_refused(path: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        described(path)
