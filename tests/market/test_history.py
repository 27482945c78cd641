"""The history store: whole writes, no look-ahead, and it knows when it was damaged."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from market.errors import BadData, HistoryError, UnknownInstrument
from market.files import quoted
from market.history import History
from market.series import Bars, Ticks, same
from market.words import Interval
from tests.support.build_market import MONDAY, bars, instrument

IBM = instrument("IBM")
QUARTER = Interval.QUARTER
LATER = datetime(2030, 1, 1, tzinfo=UTC)


@pytest.fixture(params=["path", "memory"])
def history(request: pytest.FixtureRequest, tmp_path: Path) -> History:
    """The same tests over a folder and over another fsspec file system."""
    if request.param == "path":
        return History(str(tmp_path / "history"))
    return History(f"memory://{tmp_path}/history")


def read(history: History, start: datetime | None = None, end: datetime = LATER) -> Bars:
    return history.read("XNYS:IBM", QUARTER, start, end)


def test_what_is_written_is_read(history: History) -> None:
    written = bars([10.0, 11.0, 12.0])
    stored = history.write(IBM, QUARTER, written)
    assert same(read(history), written)
    assert stored.rows == 3
    assert stored.first == MONDAY
    assert stored.last == MONDAY + timedelta(minutes=30)
    assert history.instruments() == [IBM]
    assert history.verify() == []


def test_nothing_after_the_end_is_returned(history: History) -> None:
    history.write(IBM, QUARTER, bars([10.0, 11.0, 12.0]))
    second = MONDAY + timedelta(minutes=15)
    assert read(history, end=second).close.tolist() == [10.0, 11.0]
    assert read(history, end=second - timedelta(microseconds=1)).close.tolist() == [10.0]
    assert read(history, start=second).close.tolist() == [11.0, 12.0]
    assert len(read(history, start=LATER, end=LATER)) == 0


def test_later_bars_join_and_replace(history: History) -> None:
    history.write(IBM, QUARTER, bars([10.0, 11.0]))
    history.write(IBM, QUARTER, bars([21.0, 22.0], MONDAY + timedelta(minutes=15)))
    history.write(IBM, QUARTER, bars([9.0], MONDAY - timedelta(minutes=15)))
    assert read(history).close.tolist() == [9.0, 10.0, 21.0, 22.0]
    assert len(history.stored()) == 1
    assert history.verify() == []


def test_writing_the_same_again_changes_nothing(history: History) -> None:
    first = history.write(IBM, QUARTER, bars([10.0, 11.0]))
    assert history.write(IBM, QUARTER, bars([10.0])) == first


def test_a_refused_write_changes_nothing(history: History) -> None:
    history.write(IBM, QUARTER, bars([10.0, 11.0]))
    with pytest.raises(BadData, match="row 2: open is not positive"):
        history.write(IBM, QUARTER, bars([10.0, -5.0]))
    assert read(history).close.tolist() == [10.0, 11.0]


def test_an_unknown_instrument_is_named_with_the_known(history: History) -> None:
    history.write(IBM, QUARTER, bars([10.0]))
    with pytest.raises(UnknownInstrument, match=r"unknown instrument 'XNYS:XYZ'; known: XNYS:IBM"):
        history.read("XNYS:XYZ", QUARTER, None, LATER)
    with pytest.raises(UnknownInstrument):
        history.read("XNYS:IBM", Interval.DAY, None, LATER)


def test_a_panel_begins_where_all_have_begun(history: History) -> None:
    history.write(IBM, QUARTER, bars([10.0, 11.0, 12.0]))
    history.write(
        instrument("FB", synthetic=True),
        QUARTER,
        bars([20.0, 21.0], MONDAY + timedelta(minutes=15)),
    )
    panel = history.read_panel(["XNYS:FB", "XNYS:IBM"], QUARTER, None, LATER)
    assert panel.instruments == ("XNYS:FB", "XNYS:IBM")
    assert panel.close.tolist() == [[20.0, 11.0], [21.0, 12.0]]
    assert panel.end.shape == (2,)
    with pytest.raises(HistoryError, match="at least one"):
        history.read_panel([], QUARTER, None, LATER)


def test_synthetic_bars_stay_labelled(history: History) -> None:
    plain = bars([10.0])
    invented = Bars(plain.end, *plain_columns(plain), synthetic=True)
    history.write(IBM, QUARTER, invented)
    assert read(history).synthetic
    assert history.find("XNYS:IBM", QUARTER).synthetic  # type: ignore[union-attr]  # it is there


def plain_columns(series: Bars) -> tuple[np.ndarray, ...]:
    return series.open, series.high, series.low, series.close, series.volume


def test_damage_and_loss_are_found(tmp_path: Path) -> None:
    history = History(str(tmp_path))
    stored = history.write(IBM, QUARTER, bars([10.0]))
    path = tmp_path / "15m" / stored.file
    path.write_bytes(path.read_bytes() + b"x")
    assert history.verify() == [f"15m/{stored.file}: the content is not what was written"]
    path.unlink()
    assert history.verify() == [f"15m/{stored.file}: the file is missing"]


def test_a_write_that_was_cut_short_is_not_seen(tmp_path: Path) -> None:
    """The index decides: a new Parquet without it, or a temporary file, does not count."""
    history = History(str(tmp_path))
    history.write(IBM, QUARTER, bars([10.0]))
    (tmp_path / "15m" / "XNYS_IBM.0123456789ab.parquet").write_bytes(b"half")
    (tmp_path / "15m" / ".XNYS_IBM.json.99").write_bytes(b"{")
    assert read(history).close.tolist() == [10.0]
    assert len(history.stored()) == 1


def test_an_empty_store_has_nothing(history: History) -> None:
    assert history.instruments() == []
    assert history.verify() == []


def test_ticks_are_kept_in_order(history: History) -> None:
    at = np.array([1, 2, 2, 5], dtype=np.int64) * 10**9
    ticks = Ticks(at, np.array([1.0, 2.0, 3.0, 4.0]), np.ones(4))
    history.write_ticks(IBM, ticks)
    read = history.read_ticks("XNYS:IBM", None, datetime.fromtimestamp(2, UTC))
    assert read.price.tolist() == [1.0, 2.0, 3.0]
    with pytest.raises(BadData, match="row 2: the timestamp is earlier"):
        history.write_ticks(IBM, Ticks(at[::-1], ticks.price, ticks.size))


def test_odd_symbols_make_safe_file_names() -> None:
    assert quoted("BINANCE:BTC/USDT") == "BINANCE_BTC%2FUSDT"
    assert quoted("A_B:C") != quoted("A:B_C")
    assert "/" not in quoted("X:../../etc")


def test_reading_does_not_import_pandas(tmp_path: Path) -> None:
    History(str(tmp_path)).write(IBM, QUARTER, bars([10.0, 11.0]))
    script = (
        "import sys; from datetime import UTC, datetime; from market.history import History; "
        f"read = History({str(tmp_path)!r}).read('XNYS:IBM', '15m', None, datetime.now(UTC)); "
        "assert len(read) == 2; assert 'pandas' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)
