"""What a panel's market could take, as far as it was known before each bar."""

import numpy as np

from ai_pod.policies.features import Array
from ai_pod.policies.indicators import sma
from market.series import Panel
from market.simulator.fills import Liquidity

DAYS = 21
"""A usual day is the mean of so many."""
DAY_NS = 86_400 * 10**9


def liquidity_of(panel: Panel) -> Liquidity:
    """Volume of each bar (T, k); daily volume and volatility of the days before it, NaN before
    there are enough.
    """
    a_day = max(1, round(len(panel) / len(np.unique(panel.end // DAY_NS))))
    moves = np.zeros(panel.close.shape)
    moves[1:] = np.diff(np.log(panel.close), axis=0)
    squares = _before(sma(moves * moves, DAYS * a_day))
    return Liquidity(
        volume=panel.volume,
        daily_volume=_before(sma(panel.volume, DAYS * a_day)) * a_day,
        volatility=np.sqrt(np.maximum(squares, 0.0) * a_day),
    )


def at(liquidity: Liquidity, row: int) -> Liquidity:
    """One bar of it; what is not known stays so."""
    return Liquidity(*(None if values is None else values[row] for values in liquidity))


def _before(values: Array) -> Array:
    """Each row is the one before it."""
    shifted = np.full(values.shape, np.nan)
    shifted[1:] = values[:-1]
    return shifted
