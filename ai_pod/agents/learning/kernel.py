"""One bar for a batch of books, compiled: logits in, observations and log growth out.

The same arithmetic as `market.simulator.step`, `weights_of_logits`, `limit_gross` and
`observe`, book by book, in loops without branches over the instruments, which the compiler turns
into vector instructions; a test holds them equal.
"""

from collections.abc import Callable
from math import factorial
from typing import NamedTuple, TypeVar

import numba
import numpy as np
from numpy.typing import NDArray

from ai_pod.policies.compiled import counted
from ai_pod.policies.features import FEATURES, Array, Observations
from ai_pod.policies.learned import BOUND

_NOISE = 1e-9
_WIDTH = len(FEATURES)
OPEN, HIGH, LOW, CLOSE = range(4)


class Rows(NamedTuple):
    """A world's rows as the kernel reads them, one after the other in memory.

    `prices` (n, 4, k) are open, high, low, close; `seen` (n, k·f) is what a book in cash observes.
    """

    prices: Array
    seen: Observations


class Books(NamedTuple):
    """The batch's state, changed in place: row decided on (n,), cash (n,), positions (n, k)."""

    at: NDArray[np.int64]
    cash: Array
    positions: Array


class Rates(NamedTuple):
    """Costs and sizing as plain numbers; the scales are units a venue counts in (100 for cents), 0
    where fills stay exact.
    """

    against: float
    commission: float
    minimum_commission: float
    gross: float
    band: float
    lots: float
    price_scale: float
    fee_scale: float


F = TypeVar("F", bound=Callable[..., object])


def _compiled(function: F, **how: object) -> F:
    """Sums in any order and fused products, which vector instructions need; nothing is assumed
    about NaN and infinity.
    """
    compiled: F = numba.njit(
        nogil=True, error_model="numpy", fastmath={"reassoc", "contract", "nsz"}, **how
    )(function)
    return compiled


def _inlined(function: F) -> F:
    return _compiled(function, inline="always")


def _cached(function: F) -> F:
    """Compiled at its first call, and kept on disk."""
    return _compiled(function, cache=True)


_TERMS = tuple(1.0 / factorial(n) for n in range(13))


@_inlined
def _exp(x: float) -> float:
    """e^x within ±BOUND, without a branch: Taylor's series of x/16, squared four times; 1e-14."""
    r = x * 0.0625
    power = _TERMS[12]
    power = power * r + _TERMS[11]
    power = power * r + _TERMS[10]
    power = power * r + _TERMS[9]
    power = power * r + _TERMS[8]
    power = power * r + _TERMS[7]
    power = power * r + _TERMS[6]
    power = power * r + _TERMS[5]
    power = power * r + _TERMS[4]
    power = power * r + _TERMS[3]
    power = power * r + _TERMS[2]
    power = (power * r + 1.0) * r + 1.0
    power *= power
    power *= power
    power *= power
    return power * power


@_inlined
def _shares(logits: Observations, gross: float, shares: Array) -> None:
    """Write the target weights (k,) of `logits` (k,), bounded by `gross`."""
    total = 1.0
    for j in range(len(shares)):
        logit = logits[j] if logits[j] > -BOUND else -BOUND
        shares[j] = _exp(logit if logit < BOUND else BOUND)
        total += shares[j]
    wanted = (total - 1.0) / total
    scale = min(1.0, gross / max(wanted, 1e-12)) / total
    for j in range(len(shares)):
        shares[j] *= scale


@_inlined
def _values(positions: Array, prices: Array, values: Array) -> float:
    """Write what each position is worth (k,); their sum. What is not held needs no price."""
    worth = 0.0
    for j in range(len(values)):
        values[j] = positions[j] * prices[j] if positions[j] != 0.0 else 0.0
        worth += values[j]
    return worth


@_inlined
def _trade(
    shares: Array, worth: float, bars: Array, positions: Array, rates: Rates, counts: bool
) -> float:
    """Bring `positions` to `shares` of `worth` by what `bars` (2, 4, k), the decided one and the
    next, allow; what was paid. Only who says that the venue `counts` gets rounded amounts: left
    out of the loop where it does not, rounding costs nothing there.
    """
    decided, opened, high, low = bars[0, CLOSE], bars[1, OPEN], bars[1, HIGH], bars[1, LOW]
    beyond, paid = rates.band * worth + _NOISE, 0.0
    for j in range(len(positions)):
        off = shares[j] * worth - positions[j] * decided[j]
        side = 1.0 if off > 0.0 else -1.0
        quantity = np.trunc(off / decided[j] / rates.lots + side * _NOISE) * rates.lots
        trades = (abs(off) > beyond) & (decided[j] > 0.0) & (opened[j] > 0.0)
        quantity = quantity if trades else 0.0
        fill = opened[j] * (1.0 + side * rates.against)
        if counts:
            fill = counted(fill, rates.price_scale)
        fill = fill if fill > low[j] else low[j]
        fill = fill if fill < high[j] else high[j]
        value = quantity * fill
        fee = abs(value) * rates.commission
        fee = fee if fee > rates.minimum_commission else rates.minimum_commission
        if counts:
            fee = counted(fee, rates.fee_scale)
        paid += value + fee if quantity != 0.0 else 0.0
        positions[j] += quantity
    return paid


@_cached
def advance(
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
    row = np.empty(instruments)
    counts = rates.price_scale + rates.fee_scale > 0.0
    for i in range(count):
        now, positions = books.at[i], books.positions[i]
        bars = rows.prices[now : now + 2]
        before = books.cash[i] + _values(positions, bars[0, CLOSE], row)
        _shares(actions[i], rates.gross, row)
        if counts:
            books.cash[i] -= _trade(row, max(before, 0.0), bars, positions, rates, True)
        else:
            books.cash[i] -= _trade(row, max(before, 0.0), bars, positions, rates, False)
        books.at[i] = now + 1
        after = max(books.cash[i] + _values(positions, bars[1, CLOSE], row), _NOISE)
        growth[i] = np.log(after / max(before, _NOISE))
        for j in range(seen.shape[1]):
            seen[i, j] = rows.seen[now + 1, j]
        for j in range(instruments):
            seen[i, j * _WIDTH + _WIDTH - 1] = row[j] / after * instruments
