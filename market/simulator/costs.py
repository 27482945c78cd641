"""What trading costs: commission, half the spread, slippage, impact, and what holding costs; and to
how many decimals a venue counts.
"""

from dataclasses import dataclass, fields, replace
from math import isfinite
from typing import Self

_DECIMALS = frozenset({"price_decimals", "fee_decimals"})
_SIGNED = frozenset({"cash_rate"})
_RATIOS = _DECIMALS | {"volume_share", "cash_rate"}
_LATER = ("per_share", "impact", "volume_share", "borrow_rate", "cash_rate", "debit_rate")


@dataclass(frozen=True, slots=True)
class CostModel:
    """`…_bps` are basis points of the traded value, `minimum_commission` money per order.

    With `price_decimals` and `fee_decimals` fills are rounded as a venue rounds them (half-even);
    without (the default) they stay exact, which learning prefers.

    * `per_share`: commission in money per unit traded, beside `commission_bps`.
    * `impact`: Y of the square-root law, price moved = Y x daily volatility x √(quantity / daily
      volume); of order one (Tóth et al., "Anomalous price impact and the critical nature of
      liquidity in financial markets", Phys. Rev. X 1, 021006, 2011).
    * `volume_share`: the most of a bar's volume that one book's orders may take; 0 for no cap.
    * `borrow_rate` on the worth of short positions, `debit_rate` on cash that is owed, `cash_rate`
      earned on cash (it may be negative): simple annual rates, actual days / 365.
    """

    commission_bps: float = 1.0
    minimum_commission: float = 0.0
    half_spread_bps: float = 0.5
    slippage_bps: float = 0.5
    price_decimals: int | None = None
    fee_decimals: int | None = None
    per_share: float = 0.0
    impact: float = 0.0
    volume_share: float = 0.0
    borrow_rate: float = 0.0
    cash_rate: float = 0.0
    debit_rate: float = 0.0

    def __post_init__(self) -> None:
        for name in _names() - _DECIMALS:
            value = getattr(self, name)
            if not isfinite(value) or (value < 0 and name not in _SIGNED):
                raise ValueError(f"{name} is {value!r}; a cost is finite and not negative")

    @property
    def against(self) -> float:
        """By which share of the open a fill is worse than the open, its size aside."""
        return (self.half_spread_bps + self.slippage_bps) * 1e-4

    @property
    def carries(self) -> bool:
        """Whether holding costs or earns anything."""
        return bool(self.borrow_rate or self.cash_rate or self.debit_rate)

    @property
    def later_fields(self) -> tuple[str, ...]:
        """The fields in use that a compiled copy of the step must know beside the first four: who
        does not know one refuses the costs.
        """
        return tuple(name for name in _LATER if getattr(self, name))

    def times(self, factor: float) -> Self:
        """All that is paid, so many times over; what is earned and the volume cap stay."""
        names = _names() - _RATIOS
        return replace(self, **{name: factor * getattr(self, name) for name in names})

    def to_the_cent(self, price_decimals: int = 2) -> Self:
        """The same costs with prices and fees rounded as the paper broker books them."""
        return replace(self, price_decimals=price_decimals, fee_decimals=2)


def _names() -> frozenset[str]:
    return frozenset(field.name for field in fields(CostModel))


FREE = CostModel(commission_bps=0.0, half_spread_bps=0.0, slippage_bps=0.0)
"""No costs at all: the yardstick that shows what costs take."""
