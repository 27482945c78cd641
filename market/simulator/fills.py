"""At which price an order fills, how much of it, and what it costs."""

from typing import NamedTuple

import numpy as np

from market.simulator.costs import CostModel
from market.simulator.money import Floats, rounded
from market.simulator.orders import whole_lots


class Liquidity(NamedTuple):
    """What a bar's market can take, each (..., k): units traded in the bar, units a usual day
    trades, and the usual day's volatility (a share of the price). The last two must be known before
    the bar. None where no cost asks for it.
    """

    volume: Floats | None = None
    daily_volume: Floats | None = None
    volatility: Floats | None = None


UNKNOWN = Liquidity()


def fill_prices(
    sides: Floats,
    open: Floats,
    high: Floats,
    low: Floats,
    costs: CostModel,
    impact: Floats | float = 0.0,
) -> Floats:
    """The bar's open moved against the order by half spread, slippage and `impact` (a share),
    within [low, high].

    `sides` is positive to buy, negative to sell, 0 for none (quantities will do); all (..., k).
    """
    prices = open * (1.0 + np.sign(sides) * (costs.against + impact))
    if costs.price_decimals is not None:
        prices = rounded(prices, costs.price_decimals)
    clipped: Floats = np.clip(prices, low, high)
    return clipped


def impacts(
    quantities: Floats, daily_volume: Floats | None, volatility: Floats | None, costs: CostModel
) -> Floats | float:
    """By which share orders of that size move their price (square-root law); where a usual day's
    volume or volatility is not known (NaN or ≤ 0) they move nothing. Raises ValueError when the
    costs ask for an impact and there are no such arrays.
    """
    if not costs.impact:
        return 0.0
    if daily_volume is None or volatility is None:
        raise ValueError("impact needs daily_volume and volatility; give both, or impact=0")
    known = (daily_volume > 0) & (volatility > 0)
    share = np.divide(np.abs(quantities), daily_volume, out=np.zeros_like(quantities), where=known)
    return costs.impact * np.where(known, volatility, 0.0) * np.sqrt(share)


def room(volume: Floats | None, lots: Floats | float, costs: CostModel) -> Floats | float:
    """How many units (..., k) a bar's volume leaves for one book, in whole lots (any fraction where
    `lots` is 0); no volume (NaN) leaves nothing. Raises ValueError when the costs cap by volume and
    there is none.
    """
    if not costs.volume_share:
        return np.inf
    if volume is None:
        raise ValueError("volume_share needs the bars' volume; give it, or volume_share=0")
    return whole_lots(np.nan_to_num(volume) * costs.volume_share, lots)


def commissions(quantities: Floats, prices: Floats, costs: CostModel) -> Floats:
    """Commission of each order (..., k), in money; none where nothing is traded."""
    units = np.abs(quantities)
    return commission_of(units, units * prices, costs)


def commission_of(units: Floats, values: Floats, costs: CostModel) -> Floats:
    """Commission of orders that traded so many units worth so much; none where nothing is traded.

    The minimum is per order: who fills one in parts asks for the whole and takes off what is paid.
    """
    fees = values * (costs.commission_bps * 1e-4)
    if costs.per_share:
        fees = fees + units * costs.per_share
    fees = np.maximum(fees, costs.minimum_commission)
    if costs.fee_decimals is not None:
        fees = rounded(fees, costs.fee_decimals)
    return np.where(units > 0, fees, 0.0)
