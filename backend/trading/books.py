"""A desk's books in exact decimals: what a fill does to cash, cost and realised profit.

Always: cash + Σ cost = starting cash + Σ realised - fees.
"""

from dataclasses import dataclass, replace
from decimal import Decimal

from backend.trading.words import Side

ZERO = Decimal(0)
QUANTUM = Decimal("1e-10")


@dataclass(frozen=True)
class Holding:
    """A position: signed quantity, the signed cost of what is held, and profit already made."""

    quantity: Decimal = ZERO
    cost: Decimal = ZERO
    realised: Decimal = ZERO

    @property
    def average_price(self) -> Decimal:
        return self.cost / self.quantity if self.quantity else ZERO


@dataclass(frozen=True)
class Execution:
    """Something was bought or sold. `price` and `fee` in the desk's currency."""

    side: Side
    quantity: Decimal
    price: Decimal
    fee: Decimal

    @property
    def signed(self) -> Decimal:
        return self.quantity * self.side.sign

    @property
    def cash_change(self) -> Decimal:
        return -self.signed * self.price - self.fee


def apply(holding: Holding, execution: Execution) -> Holding:
    """The holding after the execution; what closes realises against the average cost."""
    closing = _closing(holding.quantity, execution.signed)
    opening = execution.signed - closing
    freed = ZERO
    if closing:
        freed = (holding.cost * -closing / holding.quantity).quantize(QUANTUM)
    return replace(
        holding,
        quantity=holding.quantity + execution.signed,
        cost=holding.cost - freed + opening * execution.price,
        realised=holding.realised - closing * execution.price - freed,
    )


def _closing(held: Decimal, signed: Decimal) -> Decimal:
    """The part of a signed quantity that makes the position smaller."""
    if held * signed >= 0:
        return ZERO
    return signed if abs(signed) <= abs(held) else -held
