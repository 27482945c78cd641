"""What a desk holds of an instrument, and what its open orders will or may make of it. Pure."""

from dataclasses import dataclass, replace
from decimal import Decimal

ZERO = Decimal(0)


@dataclass(frozen=True)
class Exposure:
    """`held` is signed. `bought` and `sold` will be filled with the next bar; `may_buy` and
    `may_sell` rest at a price, and may be filled or not. Quantities that are still to be filled.
    """

    held: Decimal = ZERO
    bought: Decimal = ZERO
    sold: Decimal = ZERO
    may_buy: Decimal = ZERO
    may_sell: Decimal = ZERO

    def ordered(self, signed: Decimal, *, rests: bool) -> "Exposure":
        """With one more open order."""
        if rests:
            if signed > 0:
                return replace(self, may_buy=self.may_buy + signed)
            return replace(self, may_sell=self.may_sell - signed)
        if signed > 0:
            return replace(self, bought=self.bought + signed)
        return replace(self, sold=self.sold - signed)

    @property
    def expected(self) -> Decimal:
        """Held once what will be filled is."""
        return self.held + self.bought - self.sold

    @property
    def low(self) -> Decimal:
        """The least that may come to be held, should every resting sale be filled and no purchase.

        A purchase that rests gives nothing to sell.
        """
        return self.expected - self.may_sell

    @property
    def largest(self) -> Decimal:
        """The largest absolute position that may come of it: a resting order counts where it adds,
        never where it takes away.
        """
        return max(abs(self.expected + self.may_buy), abs(self.low), abs(self.expected))

    def reduced_by(self, signed: Decimal) -> bool:
        """Whether an order only makes the position smaller, whichever open ones are filled."""
        if self.held * signed >= 0:
            return False
        same_side = self.bought + self.may_buy if signed > 0 else self.sold + self.may_sell
        return abs(signed) + same_side <= abs(self.held)


NOTHING = Exposure()
