"""The ports of a broker. `Broker` takes an order within the transaction that makes it; `Venue` is a
real one, that answers later, may answer twice, out of order or not at all, and holds the truth.
"""

from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from backend.models import Order
from backend.trading.events import OrderAccepted, OrderRejected


class Broker(Protocol):
    """Where orders are placed. Fills come later, from a loop of the adapter's own."""

    @property
    def name(self) -> str: ...

    def receive(self, order: Order, at: datetime) -> OrderAccepted | OrderRejected | None:
        """Within the order's own transaction: its answer, or None when it will come later.

        For a real venue it is None: what is submitted is sent after the commit.
        """
        ...


class Status(StrEnum):
    """How an order stands at the venue."""

    WORKING = "working"
    FILLED = "filled"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    REJECTED = "rejected"


@dataclass(frozen=True)
class Request:
    """An order as a venue is asked for it. `client_order_id` is the order's id: unique among all
    desks, and known before the order is sent.
    """

    client_order_id: str
    instrument: str
    side: str
    type: str
    quantity: Decimal
    limit_price: Decimal | None = None
    stop_price: Decimal | None = None
    trail_amount: Decimal | None = None
    time_in_force: str = "gtc"
    reduce_only: bool = False
    excludes_others: bool = False


@dataclass(frozen=True)
class Report:
    """An order as the venue holds it; `filled` is the venue's own count, in units."""

    client_order_id: str
    venue_order: str
    instrument: str
    side: str
    status: Status
    quantity: Decimal
    filled: Decimal
    reason: str = ""


@dataclass(frozen=True)
class VenueFill:
    """An execution, `id` the venue's. `fee` in the account's currency; `fee_quantity` is what was
    kept back in units of the instrument, which crypto exchanges do.
    """

    id: str
    quantity: Decimal
    price: Decimal
    at: datetime
    fee: Decimal = Decimal(0)
    fee_quantity: Decimal = Decimal(0)


@dataclass(frozen=True)
class Account:
    """What the venue says it holds for us; positions by instrument, without zeros."""

    cash: Decimal
    positions: Mapping[str, Decimal]


class Venue(Protocol):
    """One account at a venue. Every call is bounded in time and raises `market.errors` alone:
    VendorAway leaves open what became of the request, VendorRefused is a certain no.
    """

    @property
    def name(self) -> str:
        """Names the account too: `alpaca:paper` and `alpaca:live` never share an order."""

    @property
    def doubt_seconds(self) -> float:
        """How long after a request without an answer the venue may still take it: until then an
        order that it does not know is not sent again.
        """

    def refusal(self, request: Request) -> str | None:
        """Why the venue does not take such an order at all; None when it does."""

    async def send(self, request: Request) -> Report:
        """Place it. VendorAway leaves open whether it was placed."""

    async def find(self, client_order_id: str, instrument: str, /) -> Report | None:
        """The order by our id, ended ones too; None when the venue does not know it."""

    async def cancel(self, report: Report) -> None:
        """Ask for it; VendorRefused when there is nothing to cancel any more."""

    async def open_orders(self) -> Sequence[Report]:
        """All of the account's working orders, ours or not."""

    async def fills(self, report: Report, since: datetime) -> Sequence[VenueFill]:
        """All executions of one order, which was placed after `since` (wall time)."""

    async def account(self) -> Account: ...

    def updates(self) -> AsyncGenerator[str, None]:
        """Ids of ours whose order has changed, as the venue's socket tells: a hint to look, never a
        truth. Ends by VendorAway when the socket does.
        """

    async def close(self) -> None: ...
