"""The order's own words; types and time in force are the simulator's."""

from enum import StrEnum

from market.simulator.words import OrderType, TimeInForce

__all__ = ["OrderSource", "OrderType", "Outcome", "Side", "TimeInForce"]


class Side(StrEnum):
    BUY = "buy"
    SELL = "sell"

    @property
    def sign(self) -> int:
        return 1 if self is Side.BUY else -1

    @classmethod
    def of(cls, signed: float) -> "Side":
        """The side of a signed quantity."""
        return cls.BUY if signed > 0 else cls.SELL


class OrderSource(StrEnum):
    DECISION = "decision"
    MANUAL = "manual"


class Outcome(StrEnum):
    """What became of a decision. Fenced and duplicate ones leave no row; a faulted one tells that
    the desk's policy could not decide.
    """

    EXECUTED = "executed"
    NO_ORDERS = "no_orders"
    RECORDED = "recorded"
    FAULTED = "faulted"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"
    FENCED = "fenced"
    DUPLICATE = "duplicate"
