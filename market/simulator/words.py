"""The words of an order, and their codes in arrays."""

from enum import StrEnum


class OrderType(StrEnum):
    """How an order asks for its price.

    `market` takes the next bar's open; `limit` waits for its price or a better one; `stop` becomes
    a market order, and `stop_limit` a limit order, once its stop is reached; `trailing_stop` is a
    stop at a distance from the best price since; the last two trade in one market session's opening
    and closing auction alone.
    """

    MARKET = "market"
    LIMIT = "limit"
    STOP = "stop"
    STOP_LIMIT = "stop_limit"
    TRAILING_STOP = "trailing_stop"
    MARKET_ON_OPEN = "market_on_open"
    MARKET_ON_CLOSE = "market_on_close"

    @property
    def code(self) -> int:
        """Its number in arrays."""
        return _CODES[self]


class TimeInForce(StrEnum):
    """`day` ends at the market session's close, `gtc` when it is cancelled, `ioc` after the first
    bar that it meets.
    """

    DAY = "day"
    GTC = "gtc"
    IOC = "ioc"


_CODES = {kind: number for number, kind in enumerate(OrderType)}
