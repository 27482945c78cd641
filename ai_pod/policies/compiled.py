"""One book through many bars of precomputed targets, compiled.

The same arithmetic as `market.simulator.step`, one bar after the other; a test holds them equal.
"""

from typing import NamedTuple, Self

import numba
import numpy as np

from ai_pod.policies.features import Array
from market.simulator.costs import CostModel

_NOISE = 1e-9
_TIE, _SPACING = 1e-6, 2.0**-50
"""How near to a tie an amount is one: see `market.simulator.money`."""


class Rates(NamedTuple):
    """Costs and sizing as plain numbers; the scales are units a venue counts in (100 for cents), 0
    where fills stay exact.
    """

    against: float
    commission: float
    minimum_commission: float
    band: float
    lots: float
    cash: float
    price_scale: float
    fee_scale: float


class Traces(NamedTuple):
    """What a book of T bars leaves, written in place: `equity` (T,), `fees` and `turnover`
    (T - 1,), fills (T - 1, k).
    """

    equity: Array
    fees: Array
    turnover: Array
    quantities: Array
    prices: Array
    commissions: Array

    @classmethod
    def empty(cls, bars: int, k: int, cash: float = 0.0) -> Self:
        steps = max(bars - 1, 0)
        fees, turnover = np.zeros(steps), np.zeros(steps)
        quantities, prices, commissions = (np.zeros((steps, k)) for _ in range(3))
        return cls(np.full(bars, cash), fees, turnover, quantities, prices, commissions)


def plain(costs: CostModel) -> bool:
    """Whether the compiled step knows all of these costs."""
    return costs == CostModel(
        costs.commission_bps,
        costs.minimum_commission,
        costs.half_spread_bps,
        costs.slippage_bps,
        costs.price_decimals,
        costs.fee_decimals,
    )


def scales(costs: CostModel) -> tuple[float, float]:
    """The scales of prices and fees, for the compiled step."""
    price, fee = (
        0.0 if decimals is None else 10.0**decimals
        for decimals in (costs.price_decimals, costs.fee_decimals)
    )
    return price, fee


def _counted(value: float, scale: float) -> float:
    """`market.simulator.money.rounded` of an amount that is not negative; as it is at scale 0."""
    if scale == 0.0:
        return value
    scaled = value * scale
    down = np.floor(scaled)
    tie = abs(scaled - down - 0.5) <= max(_TIE, scaled * _SPACING)
    whole: float = down + down % 2.0 if tie else np.rint(scaled)
    return whole / scale


counted = numba.njit(nogil=True, error_model="numpy")(_counted)


def _walk(
    targets: Array, bars: tuple[Array, Array, Array, Array], rates: Rates, made: Traces
) -> None:
    """Every bar of `targets` (T, k) on (open, high, low, close), each (T, k), into `made`."""
    opens, highs, lows, closes = bars
    count, k = targets.shape
    cash = rates.cash
    positions = np.zeros(k)
    before = cash
    made.equity[0] = cash
    for bar in range(count - 1):
        worth = max(before, 0.0)
        paid, fees, traded = 0.0, 0.0, 0.0
        for j in range(k):
            price, opened = closes[bar, j], opens[bar + 1, j]
            off = targets[bar, j] * worth - positions[j] * price
            if not (abs(off) > rates.band * worth + _NOISE and price > 0.0 and opened > 0.0):
                continue
            lots = off / price / rates.lots
            quantity = np.trunc(lots + np.sign(lots) * _NOISE) * rates.lots
            if quantity == 0.0:
                continue
            fill = opened * (1.0 + np.sign(quantity) * rates.against)
            fill = counted(fill, rates.price_scale)
            fill = min(max(fill, lows[bar + 1, j]), highs[bar + 1, j])
            value = abs(quantity) * fill
            fee = max(value * rates.commission, rates.minimum_commission)
            fee = counted(fee, rates.fee_scale)
            positions[j] += quantity
            paid += quantity * fill + fee
            fees += fee
            traded += value
            made.quantities[bar, j] = quantity
            made.prices[bar, j] = fill
            made.commissions[bar, j] = fee
        cash -= paid
        after = cash
        for j in range(k):
            if positions[j] != 0.0:
                after += positions[j] * closes[bar + 1, j]
        made.equity[bar + 1] = after
        made.fees[bar] = fees
        made.turnover[bar] = traded / before if before > 0.0 else 0.0
        before = after


walk = numba.njit(cache=True, nogil=True, error_model="numpy")(_walk)
"""`_walk`, compiled at its first call and cached on disk."""
