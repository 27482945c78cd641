"""From target weights to whole lots."""

import numpy as np

from market.simulator.money import Floats

_NOISE = 1e-9
"""Lots: a quotient that misses a whole lot by less than this is that lot."""


def order_quantities(
    target_weights: Floats,
    equity: Floats | float,
    prices: Floats,
    positions: Floats,
    lots: Floats | float = 1.0,
    band: float = 0.0,
) -> Floats:
    """Signed quantities (..., k) that bring `positions` to `target_weights` of `equity`.

    `target_weights`, `prices`, `positions` are (..., k), `equity` is (...), `lots` the lot size
    (a number or (k,), 0 for any fraction). Whole lots, rounded toward zero; nothing where the
    weight is off by no more than `band`, and nothing where there is no price (NaN or ≤ 0). A book
    without equity is reduced to nothing.
    """
    priced = np.where(prices > 0, prices, np.nan)
    worth = np.maximum(np.asarray(equity, dtype=np.float64), 0.0)[..., np.newaxis]
    off = target_weights * worth - positions * priced
    whole = whole_lots(off / priced, lots)
    beyond = np.abs(off) > band * worth + _NOISE
    return np.where(beyond & (whole != 0), whole, 0.0)


def whole_lots(quantities: Floats, lots: Floats | float) -> Floats:
    """`quantities` (..., k) rounded toward zero to lots (a number or (k,)); as they are where the
    lot is 0.
    """
    sizes = np.asarray(lots, dtype=np.float64)
    counted = quantities / np.where(sizes > 0, sizes, 1.0)
    whole = np.trunc(counted + np.sign(counted) * _NOISE) * sizes
    return np.where(sizes > 0, whole, quantities)
