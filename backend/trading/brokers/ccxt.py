"""Crypto exchanges by `ccxt`: orders over REST, hints over its pro sockets. Spot only.

Executions are taken from the account's trades over REST alone, so that each has one id however it
was heard of. An exchange may accept an id of ours a second time once the first order has ended;
so an order goes out again only when the exchange does not know it and its receive window is over.
"""

from collections.abc import AsyncGenerator, Awaitable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import ccxt

from backend.settings import Settings
from backend.trading.brokers import kinds
from backend.trading.brokers.port import (
    Account,
    Report,
    Request,
    Status,
    VenueFill,
)
from market.errors import VendorAway, VendorRefused
from market.exchanges import (
    RECEIVE_WINDOW_MS,
    ask,
    exchange_of,
    instrument_of,
    open_exchange,
    symbol_of,
)

CURRENCY = "USDT"
STATUSES = {
    "open": Status.WORKING,
    "closed": Status.FILLED,
    "canceled": Status.CANCELLED,
    "expired": Status.EXPIRED,
    "rejected": Status.REJECTED,
}
Json = Mapping[str, Any]


class CcxtVenue:
    """One account at one exchange, in one currency of cash."""

    def __init__(self, name: str, settings: Settings) -> None:
        self.name = name
        self._id = exchange_of(settings.broker)
        self._currency = settings.venue_currency or CURRENCY
        self._exchange = open_exchange(
            self._id, settings, keys=True, sandbox=settings.venue_sandbox
        )
        self.doubt_seconds = settings.venue_doubt_seconds or 2 * RECEIVE_WINDOW_MS / 1_000

    def refusal(self, request: Request) -> str | None:
        return kinds.ccxt_refusal(request)

    async def send(self, request: Request) -> Report:
        price = None if request.limit_price is None else float(request.limit_price)
        order = self._exchange.create_order(
            symbol_of(request.instrument),
            request.type,
            request.side,
            float(request.quantity),
            price,
            self._terms(request),
        )
        return self._report(await self._ask(order), request)

    async def find(self, client_order_id: str, instrument: str, /) -> Report | None:
        asked = {"clientOrderId": client_order_id}
        try:
            order = self._exchange.fetch_order(client_order_id, symbol_of(instrument), asked)
            return self._report(await self._ask(order))
        except VendorRefused as error:
            if isinstance(error.__cause__, ccxt.OrderNotFound):
                return None
            raise VendorAway(str(error)) from error

    async def cancel(self, report: Report) -> None:
        symbol = symbol_of(report.instrument)
        await self._ask(self._exchange.cancel_order(report.venue_order, symbol))

    async def open_orders(self) -> Sequence[Report]:
        return [self._report(one) for one in await self._ask(self._exchange.fetch_open_orders())]

    async def fills(self, report: Report, since: datetime) -> Sequence[VenueFill]:
        trades = await self._ask(
            self._exchange.fetch_my_trades(
                symbol_of(report.instrument),
                int(since.timestamp() * 1_000),
                None,
                {"orderId": report.venue_order},
            )
        )
        return [_fill(one) for one in trades if one["order"] == report.venue_order]

    async def account(self) -> Account:
        total = (await self._ask(self._exchange.fetch_balance()))["total"]
        positions = {
            instrument_of(self._id, f"{name}/{self._currency}"): Decimal(str(units))
            for name, units in total.items()
            if name != self._currency and units
        }
        return Account(Decimal(str(total.get(self._currency) or 0)), positions)

    async def updates(self) -> AsyncGenerator[str, None]:
        while True:
            for order in await self._ask(self._exchange.watch_orders()):
                yield order["clientOrderId"] or ""

    async def close(self) -> None:
        await self._exchange.close()

    async def _ask(self, answer: Awaitable[Any]) -> Any:
        return await ask(self._exchange, answer)

    def _terms(self, request: Request) -> dict[str, str]:
        terms = {"clientOrderId": request.client_order_id}
        if request.type == "limit":
            terms["timeInForce"] = request.time_in_force.upper()
        return terms

    def _report(self, order: Json, request: Request | None = None) -> Report:
        """Some exchanges answer a new order with its id alone; the request says the rest."""
        if request is not None and order.get("amount") is None:
            return Report(
                request.client_order_id,
                str(order["id"]),
                request.instrument,
                request.side,
                Status.WORKING,
                request.quantity,
                Decimal(0),
            )
        return Report(
            client_order_id=order["clientOrderId"] or "",
            venue_order=str(order["id"]),
            instrument=instrument_of(self._id, order["symbol"]),
            side=order["side"],
            status=STATUSES.get(order["status"] or "open", Status.WORKING),
            quantity=_number(order["amount"]),
            filled=_number(order["filled"]),
        )


def _fill(trade: Json) -> VenueFill:
    quantity, price = _number(trade["amount"]), _number(trade["price"])
    base, _, quote = trade["symbol"].partition("/")
    costs = [one for one in trade.get("fees") or [trade.get("fee")] if one and one.get("cost")]
    paid = [_number(one["cost"]) for one in costs if one["currency"] == quote]
    kept = [_number(one["cost"]) for one in costs if one["currency"] == base]
    return VenueFill(
        id=str(trade["id"]),
        quantity=quantity,
        price=price,
        at=datetime.fromtimestamp(trade["timestamp"] / 1_000, UTC),
        fee=sum(paid, Decimal(0)),
        fee_quantity=sum(kept, Decimal(0)),
    )


def _number(value: object) -> Decimal:
    return Decimal(str(value or 0))
