"""People's files: taken whole, or refused with row and reason and nothing changed."""

from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest

from market.calendars import from_ns
from market.errors import BadData, HistoryError
from market.history import History
from market.imports import import_file, read_bars
from market.words import Interval, Stamps
from tests.support.build_market import instrument

HEADER = "timestamp,open,high,low,close,volume\n"
GOOD = (
    "2012-10-15T13:45:00Z,10,11,9,10.5,100\n"
    "2012-10-15T14:00:00Z,10.5,12,10,11,200\n"
    "2012-10-15T14:15:00Z,11,11.5,10.5,11.5,0\n"
)
DAILY = "date,open,high,low,close,volume\n"
IBM = instrument("IBM")
LATER = datetime(2030, 1, 1, tzinfo=UTC)


def csv(folder: Path, text: str) -> Path:
    path = folder / "bars.csv"
    path.write_text(text)
    return path


def test_a_good_file_is_stored(tmp_path: Path) -> None:
    history = History(str(tmp_path / "history"))
    stored = import_file(history, csv(tmp_path, HEADER + GOOD), IBM, Interval.QUARTER)
    assert stored.rows == 3
    read = history.read("XNYS:IBM", Interval.QUARTER, None, LATER)
    assert read.close.tolist() == [10.5, 11.0, 11.5]
    assert from_ns(int(read.end[0])) == datetime(2012, 10, 15, 13, 45, tzinfo=UTC)


def changed(row: int, column: int, value: str) -> str:
    """The good rows with one value changed; `row` is 1-based."""
    rows = [line.split(",") for line in GOOD.splitlines()]
    rows[row - 1][column] = value
    return HEADER + "\n".join(",".join(line) for line in rows) + "\n"


REFUSED = {
    "no number": (changed(2, 1, "ten"), 2, "open is no number"),
    "empty cell": (changed(2, 4, ""), 2, "close is no number"),
    "NaN": (changed(3, 2, "nan"), 3, "high is no number"),
    "infinite": (changed(1, 5, "inf"), 1, "volume is no number"),
    "not positive": (changed(2, 3, "0"), 2, "low is not positive"),
    "negative": (changed(1, 3, "-1"), 1, "low is not positive"),
    "high below low": (changed(1, 2, "8"), 1, "high is below low"),
    "open outside": (changed(2, 1, "12.5"), 2, "open is outside"),
    "close outside": (changed(3, 4, "10.4"), 3, "close is outside"),
    "negative volume": (changed(2, 5, "-1"), 2, "volume is negative"),
    "twice": (changed(2, 0, "2012-10-15T13:45:00Z"), 2, "there twice"),
    "the same instant elsewhere": (changed(2, 0, "2012-10-15T15:45:00+02:00"), 2, "there twice"),
    "shuffled": (changed(3, 0, "2012-10-15T13:50:00Z"), 3, "earlier than the row before"),
    "no zone": (HEADER + GOOD.replace("Z", ""), 1, "has no zone"),
    "mixed zones": (changed(2, 0, "2012-10-15T14:00:00"), 2, "with and without a zone"),
    "no time": (changed(2, 0, "yesterday"), 2, "no ISO 8601 timestamp"),
    "a date": (changed(2, 0, "2012-10-15"), 2, "with and without a zone"),
    "another age": (changed(1, 0, "1012-10-15T14:00:00Z"), 1, "out of this world"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_bad_row_is_named_and_nothing_changes(case: str, tmp_path: Path) -> None:
    text, row, reason = REFUSED[case]
    history = History(str(tmp_path / "history"))
    before = import_file(history, csv(tmp_path, HEADER + GOOD), IBM, Interval.QUARTER)
    with pytest.raises(BadData, match=reason) as refused:
        import_file(history, csv(tmp_path, text), IBM, Interval.QUARTER)
    assert refused.value.row == row
    assert str(refused.value).startswith(f"row {row}: ")
    assert history.stored() == [before]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "the file is empty"),
        (HEADER, "has no rows"),
        ("timestamp,open,high,close\n", r"columns are missing: low, volume; there are: timestamp"),
        ("open,high,low,close,volume\n", r"columns are missing: timestamp \(or date\)"),
        (HEADER + "2012-10-15T13:45:00Z,10,11,9,10.5,100,7,8\n", "no table"),
        ("Open,open,high,low,close,volume,date\n1,1,1,1,1,1,1\n", "columns are there twice: open"),
    ],
)
def test_a_file_that_is_no_table_is_refused(text: str, reason: str, tmp_path: Path) -> None:
    with pytest.raises(BadData, match=reason):
        read_bars(csv(tmp_path, text), IBM, Interval.QUARTER)


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bars.csv"
    path.write_bytes(HEADER.encode("utf-16"))
    with pytest.raises(BadData, match="UTF-8"):
        read_bars(path, IBM, Interval.QUARTER)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(HistoryError, match="no file"):
        read_bars(tmp_path / "none.csv", IBM, Interval.QUARTER)


def test_daily_bars_end_at_the_sessions_close(tmp_path: Path) -> None:
    text = DAILY + "2012-11-21,10,11,9,10,1\n2012-11-23,10,11,9,10,1\n"
    read = read_bars(csv(tmp_path, text), IBM, Interval.DAY)
    assert [from_ns(int(end)).hour for end in read.end] == [21, 18]  # the second is a half day


def test_daily_bars_without_a_calendar_end_at_midnight(tmp_path: Path) -> None:
    path = csv(tmp_path, DAILY + "2012-11-23,10,11,9,10,1\n")
    for calendar in ("", "24/7"):
        read = read_bars(path, instrument("X", calendar=calendar), Interval.DAY)
        assert from_ns(int(read.end[0])) == datetime(2012, 11, 24, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        ("2012-11-22", "2012-11-22 is no session of the calendar XNYS"),  # Thanksgiving
        ("2012-13-01", "no date"),
        ("2012-11-21T15:30:00Z", "no date"),
        ("21.11.2012", "no date"),
        ("2012-11-20", "there twice"),
    ],
)
def test_a_bad_day_is_refused(day: str, reason: str, tmp_path: Path) -> None:
    text = DAILY + f"2012-11-20,10,11,9,10,1\n{day},10,11,9,10,1\n"
    with pytest.raises(BadData, match=f"row 2: .*{reason}"):
        read_bars(csv(tmp_path, text), IBM, Interval.DAY)


def test_stamps_may_mark_the_beginning(tmp_path: Path) -> None:
    text = HEADER + "2012-10-15T18:30:00Z,10,11,9,10,1\n2012-10-15T19:30:00Z,10,11,9,10,1\n"
    read = read_bars(csv(tmp_path, text), IBM, Interval.HOUR, stamps="start")
    ends = [f"{from_ns(int(end)):%H:%M}" for end in read.end]
    assert ends == ["19:30", "20:00"]  # the session closes at 20:00


def stamped(*times: str) -> str:
    """A file of one price with bars at those times of day (UTC), days apart by a `+`."""
    days = {"": "2012-10-15", "+": "2012-10-16"}
    rows = (f"{days[time[:-5]]}T{time[-5:]}:00Z,10,11,9,10,1" for time in times)
    return HEADER + "\n".join(rows) + "\n"


@pytest.mark.parametrize(
    ("stamps", "times", "row", "reason"),
    [
        ("end", ("13:30", "13:45"), 1, "no bar ends as the market opens"),
        ("end", ("19:30", "19:45", "+13:30", "+13:45"), 3, "no bar ends as the market opens"),
        ("start", ("19:45", "20:00"), 2, "no bar begins as the market closes"),
        ("start", ("19:30", "20:00", "+13:45"), 2, "no bar begins as the market closes"),
        ("end", ("13:45", "13:46", "14:00"), 3, "in the same 15m bar as the row before"),
        ("start", ("13:30", "13:35", "13:45"), 2, "in the same 15m bar as the row before"),
    ],
)
def test_stamps_that_mean_something_else_are_noticed(
    stamps: Stamps, times: tuple[str, ...], row: int, reason: str, tmp_path: Path
) -> None:
    """Read with the other meaning, every bar would be known an interval too early, or too late."""
    with pytest.raises(BadData, match=reason) as refused:
        read_bars(csv(tmp_path, stamped(*times)), IBM, Interval.QUARTER, stamps)
    assert refused.value.row == row


@pytest.mark.parametrize(
    ("stamps", "times"),
    [
        ("end", ("13:15", "13:30", "13:45")),  # from before the opening on
        ("end", ("12:00", "12:05", "13:45")),
        ("start", ("19:45", "20:00", "20:15")),  # and until after the close
        ("end", ("19:45", "20:00", "+13:45")),
        ("start", ("19:45", "+13:30")),
    ],
)
def test_bars_around_the_session_are_taken(
    stamps: Stamps, times: tuple[str, ...], tmp_path: Path
) -> None:
    read = read_bars(csv(tmp_path, stamped(*times)), IBM, Interval.QUARTER, stamps)
    assert len(read) == len(times)


def test_without_a_calendar_stamps_are_believed(tmp_path: Path) -> None:
    path = csv(tmp_path, stamped("13:30", "13:45"))
    for stamps, first in (("end", 30), ("start", 45)):
        read = read_bars(path, instrument("X", calendar=""), Interval.QUARTER, stamps)
        assert from_ns(int(read.end[0])).minute == first


def test_parquet_reads_as_csv_does(tmp_path: Path) -> None:
    path = csv(tmp_path, HEADER + GOOD)
    frame = pd.read_csv(path, parse_dates=["timestamp"])
    table = tmp_path / "bars.parquet"
    frame.to_parquet(table)
    assert (
        read_bars(table, IBM, Interval.QUARTER).end == read_bars(path, IBM, Interval.QUARTER).end
    ).all()
    frame["timestamp"] = frame["timestamp"].dt.tz_localize(None)
    frame.to_parquet(table)
    with pytest.raises(BadData, match="no zone"):
        read_bars(table, IBM, Interval.QUARTER)
    frame["timestamp"] = frame["timestamp"].astype("int64")
    frame.to_parquet(table)
    with pytest.raises(BadData, match="timestamps are int64"):
        read_bars(table, IBM, Interval.QUARTER)
    table.write_bytes(b"PAR1 no more")
    with pytest.raises(BadData, match="no Parquet"):
        read_bars(table, IBM, Interval.QUARTER)


def test_dates_in_parquet(tmp_path: Path) -> None:
    path = csv(tmp_path, DAILY + "2012-11-20,10,11,9,10,1\n2012-11-21,10,11,9,10,1\n")
    frame = pd.read_csv(path, parse_dates=["date"])
    table = tmp_path / "days.parquet"
    for column in (frame["date"], frame["date"].dt.date):
        frame.assign(date=column).to_parquet(table)
        assert len(read_bars(table, IBM, Interval.DAY)) == 2
    frame.assign(open=[10.0, None]).to_parquet(table)
    with pytest.raises(BadData, match="row 2: open is no number"):
        read_bars(table, IBM, Interval.DAY)
