"""Orders, fills, positions and equity on the wire. Money is a decimal string."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal, TypeAlias

from pydantic import Field, model_validator

from backend.models import RiskState
from backend.schemas import Money, Schema
from backend.trading.desk_states import Cause
from backend.trading.states import OrderState
from backend.trading.terms import Terms
from backend.trading.words import OrderSource, OrderType, Side, TimeInForce
from market.simulator.timing import AUCTIONS

Amount = Annotated[Decimal, Field(gt=0, max_digits=20, decimal_places=6, allow_inf_nan=False)]
ClientOrderId = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[\w.:+@/-]+$")]


class OrderRequest(Schema):
    """A manual order. The same `client_order_id` again gives the same order, or 409.

    Open orders of one `oco_group` (of one instrument) exclude each other: the first that fills
    cancels the others. `time_in_force` is by default `day` for auction orders, else `gtc`.
    """

    instrument: str = Field(min_length=1, max_length=40)
    side: Side
    quantity: Amount
    kind: OrderType = OrderType.MARKET
    limit_price: Amount | None = None
    stop_price: Amount | None = None
    trail_amount: Amount | None = None
    time_in_force: TimeInForce | None = None
    reduce_only: bool = False
    oco_group: ClientOrderId | None = None
    client_order_id: ClientOrderId | None = None

    @model_validator(mode="after")
    def _prices(self) -> "OrderRequest":
        named = {name: getattr(self, name) for name in _PRICED}
        for name, kinds in _PRICED.items():
            if (named[name] is not None) != (self.kind in kinds):
                wants = "needs a" if self.kind in kinds else "has no"
                raise ValueError(f"a {self.kind} order {wants} {name}")
        if self.kind in AUCTIONS and self.time_in_force not in (None, TimeInForce.DAY):
            raise ValueError(f"a {self.kind} order lives for one session: time_in_force is day")
        return self

    @property
    def terms(self) -> Terms:
        usual = TimeInForce.DAY if self.kind in AUCTIONS else TimeInForce.GTC
        return Terms(
            kind=self.kind,
            limit_price=self.limit_price,
            stop_price=self.stop_price,
            trail_amount=self.trail_amount,
            time_in_force=self.time_in_force or usual,
            reduce_only=self.reduce_only,
            oco_group=self.oco_group,
        )


_PRICED = {
    "limit_price": (OrderType.LIMIT, OrderType.STOP_LIMIT),
    "stop_price": (OrderType.STOP, OrderType.STOP_LIMIT),
    "trail_amount": (OrderType.TRAILING_STOP,),
}


FigureName: TypeAlias = Literal["position_weight", "gross_exposure", "concentration"]


class RiskFigure(Schema):
    """A limit that an order's size meets: now, with the order, and at most. `position_weight` and
    `gross_exposure` are shares of equity, `concentration` the sum of the squared weights; null for
    a desk that is worth nothing.
    """

    name: FigureName
    before: Money | None
    after: Money | None
    limit: Money


class OrderPreview(Schema):
    """What the risk check would say now. Nothing is reserved: the order itself is checked again.

    `price` is the order's own, else the last one; null where there is none yet. `held` is signed.
    """

    allowed: bool
    reason: str | None
    detail: str
    price: Money | None
    value: Money | None
    equity: Money
    held: Money
    figures: list[RiskFigure]
    expires_at: datetime | None


class OrderView(Schema):
    """`reason` and `context` say why it was denied, rejected or ended; `average_price` is of its
    fills, `triggered` says that its stop has been reached; `trace_id` is that of its decision where
    traces are recorded.
    """

    id: str
    client_order_id: str
    instrument: str
    side: Side
    kind: OrderType
    quantity: Money
    limit_price: Money | None
    stop_price: Money | None
    trail_amount: Money | None
    time_in_force: TimeInForce
    expires_at: datetime | None
    reduce_only: bool
    oco_group: str | None
    triggered: bool
    filled: Money
    average_price: Money | None
    fees: Money
    state: OrderState
    reason: str
    context: dict[str, str]
    source: OrderSource
    bar_end: datetime | None
    created_at: datetime
    ended_at: datetime | None
    trace_id: str | None = None


class FillView(Schema):
    """`at` is the start of the bar that it filled against, market time."""

    id: str
    order: str
    instrument: str
    side: Side
    quantity: Money
    price: Money
    fee: Money
    realised: Money
    at: datetime


class PositionView(Schema):
    """Valued at the last price we know."""

    instrument: str
    quantity: Money
    average_price: Money
    last_price: Money
    market_value: Money
    unrealised: Money
    realised: Money


class EquityPointView(Schema):
    """The desk's worth at a decision's bar end, at its prices."""

    at: datetime
    equity: Money
    cash: Money
    exposure: Money


class EquityView(Schema):
    """Ascending; at most as many points as were asked for, the last of each bucket."""

    points: list[EquityPointView]
    starting_cash: Money
    currency: str


class SwitchRequest(Schema):
    """`scope` is `desk` (the caller's own), `desk:ID`, or `all`: every desk of the organisation."""

    scope: str = Field(default="desk", pattern=r"^(desk|all|desk:[\w-]+)$")
    reason: str = Field(default="", max_length=200)


class ReducingView(Schema):
    """It stays as it is until somebody ends it."""

    scope: Literal["desk", "all"]
    reducing: bool
    reason: str


class ConditionView(Schema):
    """Why desks may only reduce. `scope` is `desk:ID`, `organisation:ID`, `pool:NAME` or `all`;
    `context` holds the numbers behind it.
    """

    id: str
    scope: str
    cause: Cause
    context: dict[str, str]
    since: datetime
    cleared_at: datetime | None
    cleared_by: str


class DeskStateView(Schema):
    """What holds the desk now: a kill switch above all, else conditions."""

    desk: str
    state: RiskState
    halt_reason: str
    conditions: list[ConditionView]


class KillSwitchView(Schema):
    """It stays as it is until somebody lifts it."""

    scope: Literal["desk", "all"]
    halted: bool
    reason: str
    cancelled_orders: int
