"""At which price an order fills, and what it costs."""

import numpy as np

from market.simulator.costs import CostModel
from market.simulator.money import Floats, rounded


def fill_prices(sides: Floats, open: Floats, high: Floats, low: Floats, costs: CostModel) -> Floats:
    """The bar's open moved against the order by half spread and slippage, within [low, high].

    `sides` is positive to buy, negative to sell, 0 for none (quantities will do); all (..., k).
    """
    prices = open * (1.0 + np.sign(sides) * costs.against)
    if costs.price_decimals is not None:
        prices = rounded(prices, costs.price_decimals)
    clipped: Floats = np.clip(prices, low, high)
    return clipped


def commissions(quantities: Floats, prices: Floats, costs: CostModel) -> Floats:
    """Commission of each order (..., k), in money; none where nothing is traded."""
    values = np.abs(quantities) * prices
    fees = np.maximum(values * (costs.commission_bps * 1e-4), costs.minimum_commission)
    if costs.fee_decimals is not None:
        fees = rounded(fees, costs.fee_decimals)
    return np.where(quantities != 0, fees, 0.0)
