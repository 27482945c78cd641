"""What is shipped is what we think it is, and the demo is made of it."""

import time
from datetime import UTC, date, datetime
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from market.calendars import from_ns, to_ns, trading_sessions
from market.errors import HistoryError, UnknownInstrument
from market.history import History
from market.prepare import INTERVALS, prepare_demo
from market.series import same
from market.shipped import DEMO_INSTRUMENTS, daily_stock, damaged, euro_rates
from market.validation import check_bars
from market.words import Interval

MOST_BYTES = 6_000_000
LATER = datetime(2030, 1, 1, tzinfo=UTC)


def test_the_files_have_their_sums_and_are_small() -> None:
    assert damaged() == []
    shipped = [one for one in files("market.data").iterdir() if one.name.endswith(".parquet")]
    assert len(shipped) == 2
    assert sum(len(one.read_bytes()) for one in shipped) < MOST_BYTES


def test_every_shipped_file_is_attributed() -> None:
    text = files("market.data").joinpath("ATTRIBUTION.md").read_text()
    for word in ("`stocks.parquet`", "`ecb.parquet`", "public domain", "European Central Bank"):
        assert word in text


@pytest.mark.parametrize("symbol", [one.symbol for one in DEMO_INSTRUMENTS])
def test_daily_stocks_are_sound(symbol: str) -> None:
    daily = daily_stock(symbol)
    check_bars(daily)
    sessions = trading_sessions(
        "XNYS", from_ns(int(daily.end[0])).date(), from_ns(int(daily.end[-1])).date()
    )
    assert daily.end.tolist() == sessions.closes.tolist()
    assert not daily.synthetic
    cents = daily.close * 100
    np.testing.assert_allclose(cents, np.rint(cents), atol=1e-6)


@pytest.mark.parametrize(
    ("symbol", "day"), [("AAPL", (2000, 6, 21)), ("AAPL", (2005, 2, 28)), ("MSFT", (2003, 2, 18))]
)
def test_a_split_is_no_fall(symbol: str, day: tuple[int, int, int]) -> None:
    daily = daily_stock(symbol)
    row = int(daily.end.searchsorted(to_ns(datetime(*day, tzinfo=UTC))))
    assert abs(daily.close[row] / daily.close[row - 1] - 1) < 0.15
    assert abs(daily.open[row] / daily.close[row - 1] - 1) < 0.15


def test_the_last_prices_are_the_traded_ones() -> None:
    assert daily_stock("AAPL").close[-1] == 430.47
    assert daily_stock("IBM").close[-1] == 202.91


def test_another_stock_is_unknown() -> None:
    with pytest.raises(UnknownInstrument, match="XNYS:TSLA"):
        daily_stock("TSLA")


def test_euro_rates() -> None:
    days, rates = euro_rates("USD")
    assert days[0] == np.datetime64("1999-01-04")
    assert rates[0] == 1.1789
    assert np.isfinite(rates).all()
    assert len(euro_rates("CYP")[0]) < len(days)  # until the euro came
    with pytest.raises(HistoryError, match="publishes no 'XXX'"):
        euro_rates("XXX")


def test_the_demo_is_prepared_once(tmp_path: Path) -> None:
    first, last = date(2012, 11, 1), date(2013, 1, 31)
    started = time.process_time()
    prepare_demo(str(tmp_path), first, last)
    assert time.process_time() - started < 10
    history = History(str(tmp_path))
    assert [one.id for one in history.instruments()] == sorted(one.id for one in DEMO_INSTRUMENTS)
    for instrument in DEMO_INSTRUMENTS:
        for interval in INTERVALS:
            assert history.read(instrument.id, interval, None, LATER).synthetic
        recorded = history.read(instrument.id, Interval.DAY, None, LATER)
        assert same(recorded, daily_stock(instrument.symbol))
    before = {one.name: one.stat().st_mtime_ns for one in tmp_path.rglob("*.*")}
    prepare_demo(str(tmp_path), first, last)
    assert before == {one.name: one.stat().st_mtime_ns for one in tmp_path.rglob("*.*")}
    prepare_demo(str(tmp_path), first, date(2013, 2, 1))
    longer = history.read("XNYS:IBM", Interval.QUARTER, None, LATER)
    assert from_ns(int(longer.end[-1])).date() == date(2013, 2, 1)
