"""Exchange rates as the simulator takes them: what one unit of each instrument's currency is worth
in the book's, bar by bar, by the ECB's reference rates.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from market.errors import HistoryError
from market.shipped import euro_rates

_DAY_NS = 86_400_000_000_000
_PUBLISHED_NS = 16 * 3_600_000_000_000
"""The ECB publishes a day's rates around 16:00 Central European Time, before 16:00 UTC all year."""

EURO = "EUR"


def rates_at(
    instants: npt.NDArray[np.int64], currencies: Sequence[str], book: str
) -> npt.NDArray[np.float64]:
    """Units of the `book`'s currency for one of each of `currencies`, (T, k) at T instants (ns).

    Each is the last that was published at the instant, so that no rate is known before its time.
    Raises HistoryError for a currency the ECB does not quote, and before its first quotation.
    """
    per_euro = {name: _per_euro(instants, name) for name in {*currencies, book}}
    return np.stack([per_euro[book] / per_euro[name] for name in currencies], axis=-1)


def _per_euro(instants: npt.NDArray[np.int64], currency: str) -> npt.NDArray[np.float64]:
    if currency == EURO:
        return np.ones(len(instants))
    days, rates = euro_rates(currency)
    known_from = days.astype(np.int64) * _DAY_NS + _PUBLISHED_NS
    rows = known_from.searchsorted(instants, side="right") - 1
    if (rows < 0).any():
        raise HistoryError(f"the ECB's first rate of {currency} is of {days[0]}; begin after it")
    return rates[rows]
