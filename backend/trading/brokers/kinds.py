"""Which orders the vendors' adapters can place; everything else is rejected with a reason, without
asking the venue.
"""

from collections.abc import Callable

from backend.trading.brokers.port import Request

ALPACA = frozenset(
    {
        "market",
        "limit",
        "stop",
        "stop_limit",
        "trailing_stop",
        "market_on_open",
        "market_on_close",
    }
)
CCXT = frozenset({"market", "limit"})
AT_ONCE = frozenset({"market", "limit"})
"""Types that an immediate-or-cancel order may have."""


def refusal_of(broker: str) -> Callable[[Request], str | None]:
    """Why the broker does not take a request; None when it does."""
    return alpaca_refusal if broker == "alpaca" else ccxt_refusal


def alpaca_refusal(request: Request) -> str | None:
    if request.type not in ALPACA:
        return f"alpaca takes no {request.type} order"
    if request.time_in_force == "ioc" and request.type not in AT_ONCE:
        return f"alpaca takes no immediate-or-cancel {request.type} order"
    whole = request.quantity == request.quantity.to_integral_value()
    if not whole and request.type != "market":
        return "alpaca takes fractions of a share in market orders only"
    return _ours_alone(request)


def ccxt_refusal(request: Request) -> str | None:
    if request.type not in CCXT:
        return f"exchanges take no {request.type} order from here"
    if request.time_in_force == "day":
        return "exchanges that never close know no day orders"
    return _ours_alone(request)


def _ours_alone(request: Request) -> str | None:
    """What only the paper broker does."""
    if request.reduce_only:
        return "reduce-only orders are taken on paper only"
    if request.excludes_others:
        return "one-cancels-other orders are taken on paper only"
    return None
