"""What can be prepared: how it is said, what is checked, and what is done, one class a kind. All of
it goes through the functions of the ordinary routes, in the caller's role.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import msgspec
from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from ai_pod.contracts.intents import (
    DESK_SCOPE,
    Wanted,
    WantedAutomatic,
    WantedCancel,
    WantedHalt,
    WantedLimit,
    WantedOrder,
    WantedOverride,
)
from backend.auth.dependencies import requires
from backend.desks import access
from backend.desks import repository as desks
from backend.desks import service as desk_service
from backend.desks.schemas import DeskChange, RiskChange
from backend.desks.service import Editor
from backend.errors import Conflict, Invalid
from backend.intents.acting import Acting, Action
from backend.intents.cancelling import CancelOrders
from backend.intents.schemas import IntentOutcome
from backend.models import Role
from backend.schedule import service as schedule
from backend.schedule.schemas import OverrideBody
from backend.trading import service as trading
from backend.trading.denials import sentence
from backend.trading.desk_changes import tell
from backend.trading.schemas import OrderRequest
from backend.trading.states import OrderState
from backend.trading.switches import KillSwitch


@dataclass(frozen=True)
class PlaceOrder:
    wanted: WantedOrder

    @property
    def says(self) -> str:
        """`Buy 10 XNYS:AAPL, limit 640`."""
        one = self.wanted
        words = [f"{one.side.capitalize()} {one.quantity:f} {one.instrument}"]
        words += [f"{name} {price:f}" for name, price in self._prices().items()]
        if one.order_type.startswith("market"):
            words.append(one.order_type.replace("_", " "))
        if one.time_in_force:
            words.append(_STANDS[one.time_in_force])
        return ", ".join(words)

    def _prices(self) -> Mapping[str, Decimal]:
        prices = {"limit": self.wanted.limit_price, "stop": self.wanted.stop_price}
        return {name: price for name, price in prices.items() if price is not None}

    def _body(self) -> OrderRequest:
        fields = msgspec.structs.asdict(self.wanted)
        kind = fields.pop("order_type")
        return OrderRequest.model_validate({**fields, "kind": kind})

    async def check(self, acting: Acting) -> str:
        desk = await access.runnable_desk(acting.session, acting.caller, acting.desk)
        found = await trading.preview_order(acting.session, acting.state, desk, self._body())
        if not found.allowed:
            raise trading.Denied(found.detail, code=found.reason or "denied")
        worth = "" if found.value is None else f"; worth about {found.value:,.2f} {desk.currency}"
        return f"the risk check lets it pass now{worth}"

    async def do(self, acting: Acting) -> IntentOutcome:
        desk = await access.runnable_desk(acting.session, acting.caller, acting.desk)
        order = await trading.place_order(
            acting.session, acting.state, desk.id, self._body(), acting.key
        )
        subject = f"order:{order.id}"
        if order.state != OrderState.DENIED:
            return IntentOutcome(subject=subject, detail=f"the order is {order.state}")
        return IntentOutcome(
            subject=subject, code=order.reason, detail=sentence(order.reason, order.context)
        )


_STANDS = {"day": "for the day", "gtc": "until cancelled", "ioc": "at once or never"}


@dataclass(frozen=True)
class ChangeLimit:
    wanted: WantedLimit

    @property
    def says(self) -> str:
        name = self.wanted.name.removeprefix("max_").replace("_", " ")
        return f"Limit {name} to {self._shown}"

    @property
    def _shown(self) -> str:
        if self.wanted.name in ("max_order_value", "max_orders_per_minute", "max_concentration"):
            return f"{self.wanted.value:,f}"
        return f"{(self.wanted.value * 100).normalize():f} %"

    def _body(self) -> RiskChange:
        return RiskChange.model_validate({self.wanted.name: self.wanted.value})

    async def check(self, acting: Acting) -> str:
        desk = await access.runnable_desk(acting.session, acting.caller, acting.desk)
        desk_service.check_limits(desk, self._body(), acting.caller)
        return f"it is {getattr(desk, self.wanted.name)} now"

    async def do(self, acting: Acting) -> IntentOutcome:
        desk = await access.runnable_desk(acting.session, acting.caller, acting.desk)
        editor = Editor(acting.session, acting.state, acting.caller, tell)
        await editor.change_risk(desk.id, self._body())
        return IntentOutcome(subject=f"desk:{desk.id}", detail="the limit holds from now on")


@dataclass(frozen=True)
class SwitchAutomatic:
    wanted: WantedAutomatic

    @property
    def says(self) -> str:
        return f"Switch automatic trading {'on' if self.wanted.automatic else 'off'}"

    async def check(self, acting: Acting) -> str:
        desk = await access.runnable_desk(acting.session, acting.caller, acting.desk)
        if desk.automatic is self.wanted.automatic:
            raise Conflict("that is how it is already", code="nothing_to_change")
        return "orders follow decisions by themselves only while it is on"

    async def do(self, acting: Acting) -> IntentOutcome:
        desk = await access.runnable_desk(acting.session, acting.caller, acting.desk)
        editor = Editor(acting.session, acting.state, acting.caller, tell)
        await editor.change(desk.id, DeskChange(automatic=self.wanted.automatic))
        return IntentOutcome(subject=f"desk:{desk.id}", detail=self.says)


@dataclass(frozen=True)
class Halt:
    wanted: WantedHalt

    says = "Pull the desk's kill switch"

    async def check(self, acting: Acting) -> str:
        desk = await access.runnable_desk(acting.session, acting.caller, acting.desk)
        if desk.halted:
            raise Conflict("the desk is halted already", code="nothing_to_change")
        return "open orders are cancelled, and nothing is ordered until somebody lifts it"

    async def do(self, acting: Acting) -> IntentOutcome:
        desk = await access.runnable_desk(acting.session, acting.caller, acting.desk)
        switch = KillSwitch(acting.caller, desk.id, self.wanted.reason)
        view = await switch.pull(acting.session, acting.state)
        cancelled = f"{view.cancelled_orders} open orders were cancelled"
        return IntentOutcome(subject=f"desk:{desk.id}", detail=cancelled)


@dataclass(frozen=True)
class SetOverride:
    wanted: WantedOverride

    @property
    def says(self) -> str:
        one = self.wanted
        ends = f"{one.ends:%Y-%m-%d %H:%M} UTC"
        return f"Hold {one.scope.replace(':', ' ')} in {one.phase} until {ends}: {one.reason}"

    def _body(self) -> OverrideBody:
        return OverrideBody.model_validate(msgspec.structs.asdict(self.wanted))

    async def check(self, acting: Acting) -> str:
        await requires(Role.OPERATOR)(acting.caller)
        if self.wanted.scope == DESK_SCOPE:
            raise Conflict("the desk sits on no pod now; name a pool or a pod", code="not_seated")
        client = schedule.client(acting.state)
        found = await schedule.ask(client.preview(self._body().request()))
        said = [f"{len(found.changes)} stretches of the plan would differ", *found.warnings]
        return "; ".join(said)

    async def do(self, acting: Acting) -> IntentOutcome:
        await requires(Role.OPERATOR)(acting.caller)
        made = await schedule.set_override(
            acting.session, acting.state, acting.caller, self._body(), acting.key
        )
        return IntentOutcome(subject=f"override:{made.id}", detail="the override is set")


async def settled(session: AsyncSession, wanted: Wanted, desk: str | None) -> Wanted:
    """With an override of the caller's desk as one of the pod on which it sits now, if it does."""
    if not isinstance(wanted, WantedOverride) or wanted.scope != DESK_SCOPE or desk is None:
        return wanted
    seat = (await desks.row(session, desk)).seat
    return msgspec.structs.replace(wanted, scope=f"pod:{seat.pod}") if seat else wanted


def action_of(wanted: Wanted) -> Action:
    """What does it."""
    match wanted:
        case WantedOrder():
            return PlaceOrder(wanted)
        case WantedCancel():
            return CancelOrders(wanted)
        case WantedLimit():
            return ChangeLimit(wanted)
        case WantedOverride():
            return SetOverride(wanted)
        case WantedAutomatic():
            return SwitchAutomatic(wanted)
        case WantedHalt():
            return Halt(wanted)


def invalid(error: ValidationError) -> Invalid:
    """What is out of bounds, in the schema's words."""
    first = error.errors()[0]
    return Invalid(f"{'.'.join(map(str, first['loc']))}: {first['msg']}", code="invalid_request")
