"""What a desk holds at a bar's end, from its snapshot: the part of it that a decision reads."""

from collections import defaultdict
from collections.abc import Mapping

import msgspec
import structlog

from market.words import Word

logger = structlog.get_logger()


class Holding(Word, frozen=True, kw_only=True):
    instrument: str
    quantity: float
    last_price: float


class Ordered(Word, frozen=True, kw_only=True):
    instrument: str
    side: str
    quantity: float
    filled: float
    expected: bool = True

    @property
    def left(self) -> float:
        """Signed, expected to be filled still."""
        if not self.expected:
            return 0.0
        left = self.quantity - self.filled
        return left if self.side == "buy" else -left


class Exposure(Word, frozen=True, kw_only=True):
    """The part of a `DeskSnapshot` that a decision reads; decimal strings as floats."""

    equity: float
    automatic: bool
    positions: tuple[Holding, ...]
    open_orders: tuple[Ordered, ...] = ()

    def weights(self, prices: Mapping[str, float]) -> dict[str, float]:
        """Shares of equity at these prices, of the instruments that have one.

        What is ordered counts as held, as it does for the executor: an order of the last bar is
        filled at this one's open, which the paper broker sees no earlier than this decision. What
        only guards a position, such as a stop that waits, does not.
        """
        equity = self.equity
        quantities: dict[str, float] = defaultdict(float)
        for held in self.positions:
            quantities[held.instrument] += held.quantity
            if held.instrument in prices:
                equity += held.quantity * (prices[held.instrument] - held.last_price)
        for order in self.open_orders:
            quantities[order.instrument] += order.left
        if equity <= 0:
            return {}
        return {i: q * prices[i] / equity for i, q in quantities.items() if i in prices}


_exposures = msgspec.json.Decoder(Exposure, strict=False)


def exposure_of(snapshot: bytes) -> Exposure | None:
    """None for one that cannot be read: it is told, and the desk is decided without it."""
    try:
        return _exposures.decode(snapshot)
    except msgspec.DecodeError as error:
        logger.error("desk_unreadable", error=str(error))
        return None
