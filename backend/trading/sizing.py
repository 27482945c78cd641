"""From a decision's target weights to whole orders, by the simulator's own function."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from ai_pod.contracts.signals import BAND
from backend.trading.risk import OrderRequest
from backend.trading.words import Side
from market.simulator.money import quantise_quantity, to_float
from market.simulator.orders import order_quantities
from market.words import Instrument


@dataclass(frozen=True)
class Target:
    """What is to be reached: weights and the prices they were decided at, by instrument."""

    weights: Mapping[str, float]
    prices: Mapping[str, float]


def orders_for(
    target: Target,
    cash: Decimal,
    positions: Mapping[str, Decimal],
    instruments: Mapping[str, Instrument],
) -> list[OrderRequest]:
    """Orders that bring `positions` (open orders counted in) to the target; sales first, so that
    what they free is there for the purchases.
    """
    names = sorted(set(target.weights) & set(instruments))
    if not names:
        return []
    held = np.array([to_float(positions.get(name, Decimal(0))) for name in names])
    prices = np.array([target.prices.get(name, np.nan) for name in names])
    outside = sum(
        to_float(quantity) * target.prices.get(name, 0.0)
        for name, quantity in positions.items()
        if name not in names
    )
    equity = to_float(cash) + outside + float(np.nansum(held * prices))
    lots = np.array([10.0 ** -instruments[name].quantity_decimals for name in names])
    weights = np.array([target.weights[name] for name in names])
    wanted = order_quantities(weights, equity, prices, held, lots, BAND)
    requests = [
        OrderRequest(
            instrument=name,
            side=Side.of(quantity),
            quantity=quantise_quantity(abs(quantity), instruments[name].quantity_decimals),
        )
        for name, quantity in zip(names, wanted.tolist(), strict=True)
        if quantity != 0
    ]
    return sorted(requests, key=lambda request: request.side is Side.BUY)
