"""A desk's books in exact decimals: what a fill does to cash, cost and realised profit.

Always: cash + Σ cost = starting cash + Σ realised - fees.
"""

from dataclasses import dataclass
from decimal import Decimal

from backend.trading.money import QUANTUM
from backend.trading.words import Side

ZERO = Decimal(0)


@dataclass(frozen=True)
class Holding:
    """A position: signed quantity, the signed cost of what is held, and profit already made."""

    quantity: Decimal = ZERO
    cost: Decimal = ZERO
    realised: Decimal = ZERO


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
    def paid(self) -> Decimal:
        """Money given for it without the fee; negative when sold."""
        return (self.signed * self.price).quantize(QUANTUM)

    @property
    def cash_change(self) -> Decimal:
        return -self.paid - self.fee


def apply(holding: Holding, execution: Execution) -> Holding:
    """The holding after the execution; what closes realises against the average cost."""
    closing = _closing(holding.quantity, execution.signed)
    freed = paid_closing = ZERO
    if closing:
        freed = (holding.cost * -closing / holding.quantity).quantize(QUANTUM)
        paid_closing = (execution.paid * closing / execution.signed).quantize(QUANTUM)
    return Holding(
        quantity=holding.quantity + execution.signed,
        cost=holding.cost - freed + execution.paid - paid_closing,
        realised=holding.realised - paid_closing - freed,
    )


def _closing(held: Decimal, signed: Decimal) -> Decimal:
    """The part of a signed quantity that makes the position smaller."""
    if held * signed >= 0:
        return ZERO
    return signed if abs(signed) <= abs(held) else -held
