"""The port of a broker: what happens to an order when it is handed to a venue."""

from datetime import datetime
from typing import Protocol

from backend.models import Order
from backend.trading.events import OrderAccepted, OrderRejected


class Broker(Protocol):
    """A venue. Fills come later, from a loop of the adapter's own."""

    @property
    def name(self) -> str: ...

    def receive(self, order: Order, at: datetime) -> OrderAccepted | OrderRejected | None:
        """Within the order's own transaction: its answer, or None when it will come later.

        An adapter for a real venue answers None and sends what is submitted after the commit.
        """
        ...
