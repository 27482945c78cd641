"""One bar for a batch of books, compiled: logits in, observations and log growth out.

The same arithmetic as `market.simulator.step`, `weights_of_logits`, `limit_gross` and
`observe`, in one pass over memory; a test holds them equal.
"""

from typing import NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray

from ai_pod.policies.features import FEATURES, Array, Observations
from ai_pod.policies.learned import BOUND

_NOISE = 1e-9
_WEIGHT = len(FEATURES) - 1


class Rows(NamedTuple):
    """A world's rows as the kernel reads them; all (n, k) but the features (n, k, 5)."""

    features: Observations
    open: Array
    high: Array
    low: Array
    close: Array


class Books(NamedTuple):
    """The batch's state, changed in place: row decided on (n,), cash (n,), positions (n, k)."""

    at: NDArray[np.int64]
    cash: Array
    positions: Array


class Rates(NamedTuple):
    """Costs and sizing as plain numbers."""

    against: float
    commission: float
    minimum_commission: float
    gross: float
    band: float
    lots: float


def _advance(
    rows: Rows,
    books: Books,
    rates: Rates,
    actions: Observations,
    seen: Observations,
    growth: Array,
) -> None:
    """Step every book by one bar: `actions` (n, k) are logits; writes `seen` (n, k·f) and `growth`
    (n,).
    """
    count, instruments = actions.shape
    weights = np.empty(instruments)
    for i in range(count):
        now = books.at[i]
        before = books.cash[i]
        total = 1.0
        for j in range(instruments):
            before += books.positions[i, j] * rows.close[now, j]
            weights[j] = np.exp(min(max(np.float64(actions[i, j]), -BOUND), BOUND))
            total += weights[j]
        gross = (total - 1.0) / total
        scale = min(1.0, rates.gross / max(gross, 1e-12)) / total
        worth = max(before, 0.0)
        paid = 0.0
        for j in range(instruments):
            price = rows.close[now, j]
            off = weights[j] * scale * worth - books.positions[i, j] * price
            if abs(off) <= rates.band * worth + _NOISE:
                continue
            lots = off / price / rates.lots
            quantity = np.trunc(lots + np.sign(lots) * _NOISE) * rates.lots
            opened = rows.open[now + 1, j]
            if quantity == 0.0 or not opened > 0.0:
                continue
            fill = opened * (1.0 + np.sign(quantity) * rates.against)
            fill = min(max(fill, rows.low[now + 1, j]), rows.high[now + 1, j])
            fee = max(abs(quantity) * fill * rates.commission, rates.minimum_commission)
            paid += quantity * fill + fee
            books.positions[i, j] += quantity
        books.cash[i] -= paid
        books.at[i] = now + 1
        after = books.cash[i]
        for j in range(instruments):
            after += books.positions[i, j] * rows.close[now + 1, j]
        growth[i] = np.log(max(after, _NOISE) / max(before, _NOISE))
        for j in range(instruments):
            place = j * (_WEIGHT + 1)
            for f in range(_WEIGHT):
                seen[i, place + f] = rows.features[now + 1, j, f]
            held = books.positions[i, j] * rows.close[now + 1, j] / max(after, _NOISE)
            seen[i, place + _WEIGHT] = held * instruments


advance = numba.njit(cache=True, nogil=True, error_model="numpy")(_advance)
"""`_advance`, compiled at its first call and cached on disk."""
