"""Cancelling open orders that chat has prepared: those that were open then, and no others."""

from dataclasses import dataclass

from ai_pod.contracts.intents import WantedCancel
from backend.desks import access
from backend.errors import Conflict, NotFound
from backend.intents.acting import Acting
from backend.intents.schemas import IntentOutcome
from backend.models import Order
from backend.trading import repository
from backend.trading import service as trading
from backend.trading.states import OPEN


@dataclass(frozen=True)
class CancelOrders:
    wanted: WantedCancel

    @property
    def says(self) -> str:
        """`Cancel 2 open orders of XNYS:AAPL`"""
        count = len(self.wanted.orders)
        orders = f"{count} open order" + ("s" if count > 1 else "")
        return f"Cancel {orders}" + (
            f" of {self.wanted.instrument}" if self.wanted.instrument else ""
        )

    async def check(self, acting: Acting) -> str:
        still = [one for one in await self._orders(acting) if one.state in OPEN]
        if not still:
            raise Conflict("none of them is open any more", code="order_ended")
        said = [
            f"{one.side} {(one.quantity - one.filled).normalize():f} {one.instrument}, {one.state}"
            for one in still
        ]
        return "; ".join(said)

    async def do(self, acting: Acting) -> IntentOutcome:
        """Those that have ended meanwhile stay as they are; raises Conflict if all have."""
        cancelled, gone = 0, 0
        desk = await access.runnable_desk(acting.session, acting.caller, acting.desk)
        for order in self.wanted.orders:
            try:
                await trading.cancel_order(acting.session, acting.state, desk.id, order)
                cancelled += 1
            except Conflict:
                gone += 1
        if not cancelled:
            raise Conflict("none of them is open any more", code="order_ended")
        ended = f"; {gone} had ended already" if gone else ""
        subject = (
            f"order:{self.wanted.orders[0]}" if len(self.wanted.orders) == 1 else f"desk:{desk.id}"
        )
        return IntentOutcome(subject=subject, detail=f"{cancelled} cancelled{ended}")

    async def _orders(self, acting: Acting) -> list[Order]:
        desk = await access.runnable_desk(acting.session, acting.caller, acting.desk)
        found = [await repository.order(acting.session, desk.id, one) for one in self.wanted.orders]
        if not found or None in found:
            raise NotFound("one of these orders is not the desk's", code="order_not_found")
        return [one for one in found if one is not None]
