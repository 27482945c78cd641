"""Any series of returns or prices that a file holds: which column, which period, and whether every
row can be believed.
"""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from ai_pod.policies.features import Array
from ai_pod.policies.liquidity import DAY_NS
from ai_pod.policies.performance import YEAR_NS
from market.errors import BadData
from market.validation import check_order, refuse_first

Kind = Literal["returns", "prices"]
DATES = ("date", "timestamp", "end", "time", "datetime", "day", "month", "")
RETURNS = re.compile(r"\b(returns?|ret|r|pct_?change)\b|_return")
PRICES = re.compile(r"\b(equity|nav|close|price|value|balance|adj[ _]?close|worth)\b")
PERCENT = re.compile(r"%|\b(percent|pct)\b")
_ZONED = r":\d{2}.*(?:[Zz]|[+-]\d{2}:?\d{2})$"
LARGEST_RETURN = 0.5
"""An unnamed column whose typical value is above this is one of prices."""
PERIODS: tuple[tuple[float, float, float, str], ...] = (
    (0.9, 4.5, 252.0, "daily"),
    (4.5, 10.0, 52.0, "weekly"),
    (25.0, 35.0, 12.0, "monthly"),
    (80.0, 100.0, 4.0, "quarterly"),
    (350.0, 380.0, 1.0, "yearly"),
)
"""Median days between rows: from, to, periods a year, name."""
WEEKENDS = 0.1
"""A daily series with more than this share of weekend rows has 365 periods a year."""


@dataclass(frozen=True)
class Series:
    """Simple returns (n,); `ends` (n + 1,) ns, if the file has dates, the first one a period before
    the first return.
    """

    column: str
    kind: Kind
    returns: Array
    ends: NDArray[np.int64] | None
    a_year: float
    period: str


def read_series(path: Path, column: str = "", kind: Kind | None = None) -> Series:
    """Raises BadData with row and reason, or with what to choose from."""
    frame = _frame(path)
    dates = next((name for name in frame.columns if name.strip().lower() in DATES), None)
    name = _column(frame, dates, column)
    values, skipped = _values(frame[name])
    found = kind or _kind(name, values)
    ends = None if dates is None else _ends(frame[dates])[skipped:]
    if PERCENT.search(name.lower()) and found == "returns":
        values = values / 100.0
    returns = _checked(values, found, skipped)
    if len(returns) < 3:
        raise BadData(f"{len(returns)} returns are too few: three at least")
    if ends is None:
        return Series(name, found, returns, None, 252.0, "daily, as assumed: there are no dates")
    if found == "returns":
        ends = np.concatenate([ends[:1] - int(np.median(np.diff(ends))), ends])
    return Series(name, found, returns, ends, *_period(ends))


def _frame(path: Path) -> pd.DataFrame:
    try:
        if path.suffix in (".parquet", ".pq"):
            return _named(pq.read_table(path).to_pandas())
        if path.suffix == ".json":
            return _named(_from_json(json.loads(path.read_text())))
        return _named(
            pd.read_csv(
                path, dtype=str, keep_default_na=False, encoding="utf-8-sig", index_col=False
            )
        )
    except (pa.ArrowException, ValueError) as error:
        raise BadData(f"the file cannot be read: {error}") from error


def _named(frame: pd.DataFrame) -> pd.DataFrame:
    """Columns as text; dates that are the index become a column."""
    if isinstance(frame.index, pd.DatetimeIndex):
        frame = frame.reset_index(names="date")
    frame.columns = [re.sub(r"^Unnamed: 0$", "", str(name)).strip() for name in frame.columns]
    if not len(frame):
        raise BadData("the file has no rows")
    return frame


def _from_json(read: object) -> pd.DataFrame:
    """Numbers, rows, or columns; the rows may lie under "rows", as `backtest --equity` writes."""
    if isinstance(read, dict) and isinstance(read.get("rows"), list):
        read = read["rows"]
    if isinstance(read, dict) and "fills_sha256" in read:
        raise BadData("the record of a backtest has a sample of its equity; write --equity FILE")
    if isinstance(read, list) and not any(isinstance(one, dict | list) for one in read):
        return pd.DataFrame({"returns": read})
    if isinstance(read, dict):
        return pd.DataFrame(
            {name: value for name, value in read.items() if isinstance(value, list)}
        )
    return pd.DataFrame(read)


def _column(frame: pd.DataFrame, dates: str | None, wanted: str) -> str:
    there = [str(name) for name in frame.columns if name != dates]
    if wanted:
        if wanted not in there:
            raise BadData(f"there is no column {wanted!r}; there are: {', '.join(there)}")
        return wanted
    for pattern in (RETURNS, PRICES):
        named = [name for name in there if pattern.search(name.lower())]
        if len(named) == 1:
            return named[0]
        if named:
            raise BadData(f"which column? {', '.join(named)}")
    if len(there) != 1:
        raise BadData(f"which column? {', '.join(there) or 'there is none but dates'}")
    return there[0]


def _values(column: pd.Series) -> tuple[Array, int]:
    """As numbers, and how many empty rows at the beginning were left out: a first return is often
    empty, since there is no price before it. Raises BadData for the first that is none.
    """
    texts = column.astype(str).str.strip()
    percent = texts.str.endswith("%").to_numpy(bool)
    numbers = pd.to_numeric(texts.str.rstrip("%"), errors="coerce").to_numpy(np.float64)
    values = np.where(percent, numbers / 100.0, numbers)
    empty = texts.str.lower().isin(["", "nan", "none", "null", "<na>"]).to_numpy(bool)
    skipped = int(np.argmin(empty)) if not empty.all() else 0
    _refuse(~np.isfinite(values[skipped:]), "it is no number", skipped)
    return values[skipped:], skipped


def _kind(name: str, values: Array) -> Kind:
    """By its name; else a column that is never below zero and typically large is one of prices."""
    if RETURNS.search(name.lower()):
        return "returns"
    if PRICES.search(name.lower()):
        return "prices"
    return "prices" if values.min() > 0 and np.median(values) > LARGEST_RETURN else "returns"


def _checked(values: Array, kind: Kind, skipped: int) -> Array:
    if kind == "prices":
        _refuse(values <= 0, "the price is not positive", skipped)
        returns: Array = values[1:] / values[:-1] - 1.0
        return returns
    _refuse(
        values < -1.0, "a return below -100 %; in percent? say so in the column's name", skipped
    )
    return values


def _ends(column: pd.Series) -> NDArray[np.int64]:
    """Instants (n,) ns, ascending. Raises BadData."""
    texts = column.astype(str).str.strip()
    zoned = texts.str.contains(_ZONED, regex=True).to_numpy(bool)
    parsed = pd.to_datetime(texts, format="ISO8601", utc=True, errors="coerce")
    _refuse(parsed.isna().to_numpy(), "no ISO 8601 date", 0)
    _refuse(zoned != zoned[0], "timestamps with and without a zone are mixed", 0)
    instants = parsed.dt.tz_localize(None).to_numpy().astype("datetime64[ns]")
    ends: NDArray[np.int64] = instants.astype(np.int64)
    check_order(ends)
    return ends


def _period(ends: NDArray[np.int64]) -> tuple[float, str]:
    typical = float(np.median(np.diff(ends))) / DAY_NS
    for low, high, a_year, name in PERIODS:
        if low <= typical < high:
            weekday = (ends // DAY_NS + 3) % 7
            if name == "daily" and float((weekday > 4).mean()) > WEEKENDS:
                return 365.0, "daily, weekends too"
            return a_year, name
    return (len(ends) - 1) * YEAR_NS / float(ends[-1] - ends[0]), "as measured between the dates"


def _refuse(flags: NDArray[np.bool_], reason: str, skipped: int) -> None:
    refuse_first([(np.concatenate([np.zeros(skipped, bool), flags]), reason)])
