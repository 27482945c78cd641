"""Timestamps of imported files: instants that name their zone, or dates. Anything that could mean
two things is refused with its row.
"""

import numpy as np
import numpy.typing as npt
import pandas as pd

from market.errors import BadData
from market.validation import Check, refuse_first

Flags = npt.NDArray[np.bool_]

_ZONE = r"\d[T ]?.*\d{2}:?\d{2}.*(?:Z|z|[+-]\d{2}(?::?\d{2})?)$"
_DATE = r"\d{4}-\d{2}-\d{2}(?:[T ]00:00(?::00(?:\.0+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?"
_EARLIEST, _LATEST = np.datetime64("1900-01-01"), np.datetime64("2200-01-01")


def instants(column: pd.Series) -> npt.NDArray[np.int64]:
    """Instants as ns UTC. Raises BadData for one without a zone, or that is none."""
    if isinstance(column.dtype, pd.DatetimeTZDtype):
        parsed, checks = column.dt.tz_convert("UTC"), [(column.isna().to_numpy(), "no timestamp")]
    elif _is_text(column):
        parsed, checks = _parsed(column)
    elif pd.api.types.is_datetime64_any_dtype(column):
        raise BadData("timestamps have no zone; store them as UTC")
    else:
        raise BadData(f"timestamps are {column.dtype}; write ISO 8601 with a zone, ending in Z")
    refuse_first(checks)
    stamps = parsed.dt.tz_localize(None).to_numpy()
    return _within(stamps).astype("datetime64[ns]").astype(np.int64)


def dates(column: pd.Series) -> npt.NDArray[np.datetime64]:
    """Days (datetime64[D]) as they are written. Raises BadData for what is no date."""
    texts = column.astype(str).str.strip()
    written = texts.str.fullmatch(_DATE).to_numpy(bool)
    parsed = pd.to_datetime(texts.str[:10], format="%Y-%m-%d", errors="coerce")
    refuse_first([(~written | parsed.isna().to_numpy(), "no date: write YYYY-MM-DD")])
    return _within(parsed.to_numpy()).astype("datetime64[D]")


def _parsed(column: pd.Series) -> tuple[pd.Series, list[Check]]:
    texts = column.astype(str).str.strip()
    zoned = texts.str.contains(_ZONE, regex=True).to_numpy(bool)
    parsed = pd.to_datetime(texts, format="ISO8601", utc=True, errors="coerce")
    readable = parsed.notna().to_numpy()
    none = "the timestamp has no zone; end it in Z or an offset"
    mixed = "timestamps with and without a zone are mixed"
    reason = mixed if (zoned & readable).any() else none
    return parsed, [(~readable, "no ISO 8601 timestamp"), (readable & ~zoned, reason)]


def _is_text(column: pd.Series) -> bool:
    return bool(pd.api.types.is_string_dtype(column) or column.dtype == object)


def _within(stamps: npt.NDArray[np.datetime64]) -> npt.NDArray[np.datetime64]:
    refuse_first([((stamps < _EARLIEST) | (stamps >= _LATEST), "the year is out of this world")])
    return stamps
