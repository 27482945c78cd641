"""Orders out and executions in: each step may be the last one before the process ends, and the next
process goes on from what Postgres says.

An order is marked as sent in a transaction of its own before it is sent. From then on nobody knows
but the venue whether it has the order, so it is asked by our id before the order goes out again.
"""

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from backend.database import after_commit, transaction
from backend.models import Order
from backend.state import State
from backend.trading import repository as trading
from backend.trading.announce import announce
from backend.trading.brokers.port import Report, Venue, VenueFill
from backend.trading.brokers.remote import request_of
from backend.trading.events import OrderCancelled, OrderEvent, OrderRejected
from backend.trading.ledger import Ledger, remaining
from backend.trading.states import OrderState
from backend.trading.venues import repository
from backend.trading.venues.entering import enter
from market.errors import VendorRefused

CANCEL_AGAIN_SECONDS = 1.0
SLACK = timedelta(minutes=1)
"""By so much the venue's clock may differ from ours."""

logger = structlog.get_logger()


class VenueOrders:
    """The orders of one venue. Every method may raise VendorAway, and may then be called again."""

    def __init__(self, state: State, venue: Venue, wall: Callable[[], float] = time.time) -> None:
        self._state = state
        self._venue = venue
        self._wall = wall
        self._asked: dict[str, float] = {}

    async def open(self) -> Sequence[Order]:
        async with transaction(self._state.sessions) as session:
            return await repository.open_orders(session, self._venue.name)

    async def send_due(self, *, agreed: bool) -> int:
        """Send what is submitted; how many orders. Until the books agree only what reduces a
        position goes out.
        """
        due = [one for one in await self.open() if one.state == OrderState.SUBMITTED]
        for order in due:
            await self._send(order, agreed=agreed)
        return len(due)

    async def cancel_due(self) -> int:
        """Ask the venue to cancel what shall be; how many orders."""
        due = [one for one in await self.open() if self._to_cancel(one)]
        for order in due:
            self._asked[order.id] = self._wall()
            report = await self._venue.find(order.id, order.instrument)
            if report is None:
                continue
            try:
                await self._venue.cancel(report)
            except VendorRefused as error:
                logger.info("cancel_refused", order=order.id, reason=str(error))
            await self.look(order)
        return len(due)

    async def look(self, order: Order) -> bool:
        """Bring the order up to what the venue says; False when the venue does not know it."""
        report = await self._venue.find(order.id, order.instrument)
        if report is not None:
            await self._take(order, report)
        return report is not None

    async def look_at(self, order_id: str) -> None:
        """The same by the order's id; one that is not ours is left alone."""
        async with transaction(self._state.sessions) as session:
            order = await repository.order(session, self._venue.name, order_id)
        if order is not None and order.sent_at is not None:
            await self.look(order)

    async def look_around(self, ended_for: timedelta | None = None) -> list[Order]:
        """Look at all open orders that were sent, and at those sent within `ended_for` that have
        ended; the open ones that the venue does not know.
        """
        orders = [one for one in await self.open() if one.sent_at is not None]
        missing = await self._look_over(orders) if orders else []
        if ended_for is not None:
            async with transaction(self._state.sessions) as session:
                since = self._now() - ended_for
                ended = await repository.ended_since(session, self._venue.name, since)
            for order in ended:
                await self.look(order)
        return missing

    async def _look_over(self, orders: Sequence[Order]) -> list[Order]:
        """All that work at the venue in one request; only the others are asked for one by one."""
        working = {one.client_order_id: one for one in await self._venue.open_orders()}
        missing = []
        for order in orders:
            report = working.get(order.id)
            if report is None:
                if not await self.look(order):
                    missing.append(order)
            elif order.state == OrderState.SUBMITTED or report.filled > order.filled:
                await self._take(order, report)
        return missing

    async def _send(self, order: Order, *, agreed: bool) -> None:
        if order.sent_at is not None:
            if await self.look(order):
                return
            if (self._now() - order.sent_at).total_seconds() < self._venue.doubt_seconds:
                return
        if await self._mark(order, agreed=agreed):
            await self._place(order)

    async def _mark(self, order: Order, *, agreed: bool) -> bool:
        """From here on the venue may hold the order; False when it is not to be sent."""
        async with transaction(self._state.sessions) as session:
            ledger, its = await self._locked(session, order)
            if its.state != OrderState.SUBMITTED:
                return False
            if its.cancel_requested:
                self._settle(session, ledger, its, self._cancelled(its))
                return False
            if not agreed and not _reduces(ledger, its):
                return False
            its.sent_at = self._now()
            return True

    async def _place(self, order: Order) -> None:
        """The desk stays locked meanwhile: a kill switch comes before, and nothing is sent, or
        after, and finds an order that it has to cancel at the venue.
        """
        async with transaction(self._state.sessions) as session:
            ledger, its = await self._locked(session, order)
            if its.state != OrderState.SUBMITTED:
                return
            if its.cancel_requested:
                self._settle(session, ledger, its, self._cancelled(its))
                return
            try:
                report = await self._venue.send(request_of(its))
            except VendorRefused as error:
                event = OrderRejected(order=its.id, at=self._state.clock.now(), reason=str(error))
                self._settle(session, ledger, its, event)
                return
            await self._enter(session, ledger, its, report, ())
        if report.filled:
            await self._take(order, report)

    async def _take(self, order: Order, report: Report) -> None:
        fills: Sequence[VenueFill] = ()
        if report.filled > order.filled:
            since = (order.sent_at or order.created_at) - SLACK
            fills = await self._venue.fills(report, since)
        async with transaction(self._state.sessions) as session:
            ledger, its = await self._locked(session, order)
            await self._enter(session, ledger, its, report, fills)

    async def _enter(
        self,
        session: AsyncSession,
        ledger: Ledger,
        order: Order,
        report: Report,
        fills: Sequence[VenueFill],
    ) -> None:
        known = await repository.known_fills(session, order.id)
        now = self._state.clock.now()
        for fill in enter(ledger, order, report, fills, known, now):
            logger.error("fill_beyond_order", order=order.id, fill=fill.id, quantity=fill.quantity)
        await session.flush()
        self._announce(session, ledger)

    def _settle(
        self, session: AsyncSession, ledger: Ledger, order: Order, event: OrderEvent
    ) -> None:
        ledger.happened(order, event)
        self._announce(session, ledger)

    def _announce(self, session: AsyncSession, ledger: Ledger) -> None:
        if ledger.changes.filled or ledger.changes.ended:
            after_commit(session, lambda: announce(self._state, [ledger.changes]))

    async def _locked(self, session: AsyncSession, order: Order) -> tuple[Ledger, Order]:
        desk = await trading.lock_desk(session, order.desk_id)
        assert desk is not None, "desks are never deleted"
        ledger = await Ledger.of(session, desk)
        its = await repository.order(session, self._venue.name, order.id)
        assert its is not None, "orders are never deleted"
        return ledger, its

    def _to_cancel(self, order: Order) -> bool:
        asked = self._asked.get(order.id)
        waited = asked is None or self._wall() - asked >= CANCEL_AGAIN_SECONDS
        return order.cancel_requested and order.state != OrderState.SUBMITTED and waited

    def _cancelled(self, order: Order) -> OrderCancelled:
        return OrderCancelled(order=order.id, at=self._state.clock.now(), reason=order.reason)

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._wall(), UTC)


def _reduces(ledger: Ledger, order: Order) -> bool:
    """The order only makes the desk's position smaller."""
    position = ledger.positions.get(order.instrument)
    held = Decimal(0) if position is None else position.quantity
    return held * remaining(order) < 0 and abs(remaining(order)) <= abs(held)
