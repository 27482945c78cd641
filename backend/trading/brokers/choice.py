"""Which broker a desk's orders go to: paper, unless the desk is live, and everything that takes is
configured. An adapter and its vendor's package are loaded only when its venue is opened.
"""

from dataclasses import dataclass
from datetime import datetime

from backend.models import Desk, Order
from backend.settings import Settings
from backend.trading.brokers import kinds
from backend.trading.brokers.paper import PaperBroker
from backend.trading.brokers.port import Broker, Venue
from backend.trading.brokers.remote import RemoteBroker
from backend.trading.events import OrderRejected

LIVE = "live"


class UnknownBroker(Exception):
    """`SHIFTDESK_BROKER` names no broker."""

    def __init__(self, name: str) -> None:
        super().__init__(f"unknown broker {name!r}; there are paper, alpaca and ccxt:EXCHANGE")


@dataclass(frozen=True)
class ClosedBroker:
    """For a live desk while live trading is not configured."""

    name: str = "none"

    def receive(self, order: Order, at: datetime) -> OrderRejected:
        return OrderRejected(order=order.id, at=at, reason="live_trading_is_off")


def broker_of(settings: Settings, desk: Desk) -> Broker:
    """The broker of the desk's orders."""
    if desk.mode != LIVE:
        return PaperBroker()
    name = venue_name(settings)
    if name is None:
        return ClosedBroker()
    return RemoteBroker(name, kinds.refusal_of(settings.broker))


def venue_name(settings: Settings) -> str | None:
    """The venue and its account, as orders are marked with it; None without live trading."""
    if not settings.live or settings.broker == PaperBroker.name:
        return None
    if settings.broker != "alpaca" and not settings.broker.startswith("ccxt:"):
        raise UnknownBroker(settings.broker)
    return f"{settings.broker}:{'sandbox' if settings.venue_sandbox else 'real'}"


def open_venue(settings: Settings) -> Venue | None:
    """The configured venue; None for paper. Raises UnknownBroker, MissingKeys."""
    name = venue_name(settings)
    if name is None:
        return None
    if settings.broker == "alpaca":
        from backend.trading.brokers.alpaca import AlpacaVenue

        return AlpacaVenue(name, settings)
    from backend.trading.brokers.ccxt import CcxtVenue

    return CcxtVenue(name, settings)
