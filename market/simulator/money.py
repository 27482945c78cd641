"""The one place where the simulator's float64 becomes `Decimal` money, and back.

Rounding is half-even on the decimal a person would read (binary noise does not turn a
tie), the same for arrays and for single amounts.
"""

from decimal import Decimal
from typing import overload

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

CENTS = 2
_NOISE = 1e-6
"""Units of the last place: what is nearer to a tie is one."""


@overload
def rounded(values: Floats, decimals: int) -> Floats: ...
@overload
def rounded(values: float, decimals: int) -> np.float64: ...
def rounded(values: Floats | float, decimals: int) -> Floats | np.float64:
    """`values` rounded half-even to `decimals`; any shape."""
    scale = 10.0**decimals
    scaled = np.multiply(values, scale)
    down = np.floor(scaled)
    noise = np.maximum(_NOISE, 4 * np.spacing(np.abs(scaled)))
    tie = np.abs(scaled - down - 0.5) <= noise
    whole: Floats | np.float64 = np.where(tie, down + np.mod(down, 2), np.rint(scaled)) / scale
    return whole


def quantise(amount: float, decimals: int) -> Decimal:
    """A float as `Decimal` with exactly `decimals` places. Raises ValueError on NaN, infinity."""
    if not np.isfinite(amount):
        raise ValueError(f"{amount!r} is no amount of money")
    text = f"{float(rounded(float(amount), decimals)):.{decimals}f}"
    return abs(Decimal(text)) if float(text) == 0 else Decimal(text)


def to_cents(amount: float) -> Decimal:
    """Money to the cent."""
    return quantise(amount, CENTS)


def quantise_price(price: float, decimals: int = CENTS) -> Decimal:
    """A price to the instrument's decimals."""
    return quantise(price, decimals)


def quantise_fee(fee: float) -> Decimal:
    """A fee to the cent."""
    return quantise(fee, CENTS)


def quantise_quantity(quantity: float, decimals: int = 0) -> Decimal:
    """A quantity to the instrument's decimals."""
    return quantise(quantity, decimals)


def to_float(amount: Decimal) -> float:
    """Money into the simulator."""
    return float(amount)
