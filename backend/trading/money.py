"""Amounts as people read them; rounding to a venue's decimals is `market.simulator.money`'s."""

from decimal import Decimal

CENT = Decimal("0.01")
QUANTUM = Decimal("0.000001")
"""What the database keeps of money."""


def tidy(amount: Decimal) -> Decimal:
    """Money without zeros beyond the cent: 25.310000 → 25.31, 100000.000000 → 100000.00."""
    short = amount.normalize()
    return short if _places(short) > 2 else short.quantize(CENT)


def tidy_quantity(quantity: Decimal) -> Decimal:
    """A quantity without needless zeros: 12.00000000 → 12."""
    short = quantity.normalize()
    return short if _places(short) > 0 else short.quantize(Decimal(1))


def _places(amount: Decimal) -> int:
    exponent = amount.as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0
