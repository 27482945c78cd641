"""The data that comes with the package: the demo's daily stocks, split-adjusted, the ECB's rates.

Where it comes from, and its licence: `market/data/ATTRIBUTION.md`.
"""

import hashlib
from importlib.resources import files

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from market.errors import HistoryError, UnknownInstrument
from market.series import PRICES, Bars
from market.simulator.money import rounded
from market.words import Instrument

SOURCE = "Quandl WIKI Prices (public domain), split-adjusted"
_NAMES = {
    "AAPL": "Apple",
    "GOOG": "Google",
    "IBM": "IBM",
    "MSFT": "Microsoft",
    "FB": "Facebook",
}
DEMO_INSTRUMENTS = tuple(
    Instrument(
        venue="XNYS", symbol=symbol, calendar="XNYS", name=name, synthetic=True, source=SOURCE
    )
    for symbol, name in _NAMES.items()
)
"""`synthetic`, because bars shorter than a day are threaded through the recorded days."""


def daily_stock(symbol: str) -> Bars:
    """Recorded daily bars, split-adjusted and to the cent; a bar ends at its session's close.

    Raises UnknownInstrument.
    """
    table = _table("stocks")
    rows = table.filter(pc.equal(table.column("ticker"), symbol))
    if not rows.num_rows:
        raise UnknownInstrument(f"XNYS:{symbol}", [one.id for one in DEMO_INSTRUMENTS])
    factor = rows.column("split_factor").to_numpy()
    prices = {name: rounded(rows.column(name).to_numpy() * factor, 2) for name in PRICES}
    volume = np.rint(rows.column("volume").to_numpy() / factor)
    return Bars(end=rows.column("session_close").to_numpy(), volume=volume, **prices)


def euro_rates(currency: str) -> tuple[npt.NDArray[np.datetime64], npt.NDArray[np.float64]]:
    """(days, units of `currency` per euro) of the ECB's reference rates. Raises HistoryError."""
    table = _table("ecb")
    known = table.column_names[1:]
    if currency not in known:
        raise HistoryError(f"the ECB publishes no {currency!r}; known: {', '.join(known)}")
    rates = table.column(currency).to_numpy(zero_copy_only=False)
    there = np.isfinite(rates)
    return table.column("date").to_numpy().astype("datetime64[D]")[there], rates[there]


def damaged() -> list[str]:
    """Shipped files whose sha256 is not the one in `sha256.txt`."""
    folder = files("market.data")
    lines = folder.joinpath("sha256.txt").read_text().splitlines()
    known = {name: sha for sha, name in (line.split() for line in lines)}
    return [
        name
        for name, sha in known.items()
        if hashlib.sha256(folder.joinpath(name).read_bytes()).hexdigest() != sha
    ]


def _table(name: str) -> pa.Table:
    data = files("market.data").joinpath(f"{name}.parquet").read_bytes()
    return pq.read_table(pa.BufferReader(data))
