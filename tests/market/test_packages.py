"""Recordings that packages carry: the real ones, and clear words when they cannot be had."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from market.errors import HistoryError
from market.history import History
from market.packages import FETCHED, fetch, load_skfolio
from market.words import Interval

LATER = datetime(2030, 1, 1, tzinfo=UTC)


def fetched(name: str, root: Path) -> History:
    """The recording in a store; skips where pip reaches no index."""
    try:
        fetch(name, str(root))
    except HistoryError as error:
        if "pip could not download" in str(error):
            pytest.skip(str(error))
        raise
    return History(str(root))


def test_hourly_eurusd(tmp_path: Path) -> None:
    history = fetched("eurusd", tmp_path)
    hours = history.read("FX:EURUSD", Interval.HOUR, None, LATER)
    assert len(hours) == 6225
    assert not hours.synthetic
    days = history.read("FX:EURUSD", Interval.DAY, None, LATER)
    assert days.high.max() == hours.high.max()
    assert history.verify() == []


def test_es_ticks(tmp_path: Path) -> None:
    history = fetched("es-ticks", tmp_path)
    ticks = history.read_ticks("CME:ES", None, LATER)
    assert len(ticks) == 500_000
    minutes = history.read("CME:ES", Interval.MINUTE, None, LATER)
    until = int(ticks.at.searchsorted(minutes.end[-1]))
    assert minutes.volume.sum() == ticks.size[:until].sum()
    (day,) = history.read("CME:ES", Interval.DAY, None, LATER).end.tolist()
    assert datetime.fromtimestamp(day / 1e9, UTC) == datetime(2013, 9, 2, 15, 30, tzinfo=UTC)


def test_twenty_stocks_of_the_installed_package(tmp_path: Path) -> None:
    stored = load_skfolio(str(tmp_path))
    assert len(stored) == 20
    panel = History(str(tmp_path)).read_panel(
        [one.instrument.id for one in stored], Interval.DAY, None, LATER
    )
    assert panel.close.shape == (8313, 20)
    assert np.isfinite(panel.close).all()
    assert panel.close[-1, panel.instruments.index("SKFOLIO:AAPL")] == 125.674


def test_without_an_index_the_error_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    with pytest.raises(HistoryError, match=r"pip could not download .*check the network"):
        fetch("eurusd", str(tmp_path / "history"))
    assert not (tmp_path / "history").exists()


def test_an_unknown_recording_is_refused(tmp_path: Path) -> None:
    with pytest.raises(HistoryError, match="known: eurusd, es-ticks"):
        fetch("gold", str(tmp_path))


def test_hours_are_stamped_at_their_beginnings(tmp_path: Path) -> None:
    data = (
        b"Time,Open,High,Low,Close,Volume\n"
        b"02.01.2017 10:00:00.000,1.05,1.06,1.04,1.055,10.0\n"
        b"02.01.2017 11:00:00.000,1.055,1.06,1.05,1.05,10.0\n"
    )
    history = History(str(tmp_path))
    FETCHED["eurusd"].store(data + b"03.01.2017 11:00:00.000,1.055,1.06,1.05,1.05,10.0\n", history)
    first = history.read("FX:EURUSD", Interval.HOUR, None, LATER).end[0]
    assert datetime.fromtimestamp(first / 1e9, UTC) == datetime(2017, 1, 2, 11, tzinfo=UTC)
