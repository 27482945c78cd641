"""What trading costs: commission, half the spread, slippage; and to how many decimals a venue
counts.
"""

from dataclasses import dataclass, fields, replace
from typing import Self


@dataclass(frozen=True, slots=True)
class CostModel:
    """Costs in basis points of the traded value; `minimum_commission` in money per order.

    With `price_decimals` and `fee_decimals` fills are rounded as a venue rounds them (half-even);
    without (the default) they stay exact, which learning prefers.
    """

    commission_bps: float = 1.0
    minimum_commission: float = 0.0
    half_spread_bps: float = 0.5
    slippage_bps: float = 0.5
    price_decimals: int | None = None
    fee_decimals: int | None = None

    def __post_init__(self) -> None:
        for field in fields(self)[:4]:
            value = getattr(self, field.name)
            if not 0 <= value < float("inf"):
                raise ValueError(f"{field.name} is {value!r}; a cost is finite and not negative")

    @property
    def against(self) -> float:
        """By which share of the open a fill is worse than the open."""
        return (self.half_spread_bps + self.slippage_bps) * 1e-4

    def to_the_cent(self, price_decimals: int = 2) -> Self:
        """The same costs with prices and fees rounded as the paper broker books them."""
        return replace(self, price_decimals=price_decimals, fee_decimals=2)


FREE = CostModel(commission_bps=0.0, half_spread_bps=0.0, slippage_bps=0.0)
"""No costs at all: the yardstick that shows what costs take."""
