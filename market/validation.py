"""What price data must be before it is believed: the first bad row is named, and why."""

import numpy as np
import numpy.typing as npt

from market.errors import BadData
from market.series import PRICES, VALUES, Bars, Ticks

Flags = npt.NDArray[np.bool_]
Check = tuple[Flags, str]


def check_bars(bars: Bars) -> None:
    """Raise BadData for the first row (1-based) that no market can have produced."""
    checks: list[Check] = [
        *((~np.isfinite(getattr(bars, name)), f"{name} is no number") for name in VALUES),
        *((getattr(bars, name) <= 0, f"{name} is not positive") for name in PRICES),
        (bars.volume < 0, "volume is negative"),
        (bars.high < bars.low, "high is below low"),
        (_outside(bars.open, bars), "open is outside [low, high]"),
        (_outside(bars.close, bars), "close is outside [low, high]"),
        *_order(bars.end, strict=True),
    ]
    refuse_first(checks)


def check_ticks(ticks: Ticks) -> None:
    """Raise BadData for the first bad trade."""
    refuse_first(
        [
            (~np.isfinite(ticks.price), "price is no number"),
            (ticks.price <= 0, "price is not positive"),
            (~np.isfinite(ticks.size) | (ticks.size < 0), "volume is negative or no number"),
            *_order(ticks.at, strict=False),
        ]
    )


def refuse_first(checks: list[Check]) -> None:
    """Raise BadData for the first flagged row; the earlier check speaks when a row fails two."""
    rows = [(int(flags.argmax()), reason) for flags, reason in checks if flags.any()]
    if rows:
        row, reason = min(rows, key=lambda found: found[0])
        raise BadData(reason, row + 1)


def _outside(values: npt.NDArray[np.float64], bars: Bars) -> Flags:
    return (values < bars.low) | (values > bars.high)


def _order(at: npt.NDArray[np.int64], *, strict: bool) -> list[Check]:
    step = np.diff(at, prepend=at[:1] - 1)
    shuffled: Check = (step < 0, "the timestamp is earlier than the row before")
    twice: Check = (step == 0, "the timestamp is there twice")
    return [shuffled, twice] if strict else [shuffled]
