"""Reports: what is missing, damaged or strange is named, and is named no more when it is mended."""

from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest

from infra.functions.analysis import Report, analyse
from market.calendars import trading_sessions
from market.files import Files
from market.history import History
from market.series import Bars
from market.words import Interval
from tests.support.build_market import instrument

EVENING = datetime(2012, 10, 17, 23, tzinfo=UTC)
FIRST, LAST = date(2012, 1, 3), date(2012, 10, 17)
IBM = instrument("IBM")


def year() -> Bars:
    """A calm year of daily bars."""
    ends = trading_sessions("XNYS", FIRST, LAST).closes
    returns = np.random.default_rng(7).normal(0.0, 0.01, len(ends))
    close = 100 * np.exp(np.cumsum(returns))
    return Bars(ends, close, close * 1.01, close * 0.99, close, np.full(len(ends), 1e6))


def reported(tmp_path: Path, bars: Bars) -> tuple[Report, Files, History]:
    history, reports = History(str(tmp_path / "history")), Files(str(tmp_path / "reports"))
    history.write(IBM, Interval.DAY, bars)
    [report] = analyse(history, reports, EVENING)
    return report, reports, history


def test_a_whole_series_has_no_problems(tmp_path: Path) -> None:
    bars = year()
    report, reports, _ = reported(tmp_path, bars)
    assert (report.session, report.problems) == (LAST, 0)
    [findings] = report.series
    assert findings.change == pytest.approx(bars.close[-1] / bars.close[-2] - 1)
    recent = np.diff(np.log(bars.close))[-20:]
    assert findings.volatility == pytest.approx(recent.std(ddof=1) * 252**0.5)
    written = reports.find(".json")
    assert written == sorted([*(f"XNYS/2012-10-{day}.json" for day in (11, 12, 15, 16, 17)),
                              "XNYS/latest.json"])  # fmt: skip


def test_an_earlier_session_is_judged_by_what_was_known_then(tmp_path: Path) -> None:
    _, reports, _ = reported(tmp_path, year())
    assert b'"last": "2012-10-11"' in reports.read("XNYS/2012-10-11.json")


def test_a_gap_is_named_and_a_late_bar_mends_it(tmp_path: Path) -> None:
    bars = year()
    without = np.arange(len(bars)) != len(bars) - 2
    report, reports, history = reported(tmp_path, bars.rows(without))
    assert report.series[0].missing == (date(2012, 10, 16),)
    assert report.problems == 1

    history.write(IBM, Interval.DAY, bars)
    [mended] = analyse(history, reports, EVENING)

    assert mended.problems == 0
    assert b'"missing": []' in reports.read("XNYS/2012-10-16.json")


def test_a_stale_series_is_missing_its_last_sessions(tmp_path: Path) -> None:
    report, _, _ = reported(tmp_path, year().rows(slice(0, -2)))
    assert report.series[0].missing == (date(2012, 10, 16), LAST)
    assert report.series[0].last == date(2012, 10, 15)


def test_a_split_that_was_not_adjusted_is_strange(tmp_path: Path) -> None:
    bars = year()
    close = bars.close.copy()
    close[-3:] /= 2
    halved = Bars(bars.end, close, close * 1.01, close * 0.99, close, bars.volume)
    report, _, _ = reported(tmp_path, halved)
    assert report.series[0].strange == (date(2012, 10, 15),)


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    history, reports = History(str(tmp_path / "history")), Files(str(tmp_path / "reports"))
    stored = history.write(IBM, Interval.DAY, year())
    history.write(instrument("AAPL"), Interval.DAY, year().rows(slice(0, -1)))
    [path] = (tmp_path / "history").rglob(stored.file)
    path.write_bytes(path.read_bytes() + b"\0")
    [report] = analyse(history, reports, EVENING)
    assert report.damaged == (f"1d/{stored.file}: the content is not what was written",)
    assert report.problems == 2


def test_a_report_without_problems_is_final(tmp_path: Path) -> None:
    report, reports, history = reported(tmp_path, year())
    [again] = analyse(history, reports, EVENING.replace(hour=23, minute=59))
    assert again.made == report.made


def test_without_history_there_is_nothing_to_report(tmp_path: Path) -> None:
    assert analyse(History(str(tmp_path)), Files(str(tmp_path / "reports")), EVENING) == []
