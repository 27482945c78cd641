"""Desks as they are shown and changed."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from ai_pod.contracts.seats import RiskProfile
from backend.models import RiskState
from backend.schemas import Money, Schema
from market.words import Interval

Instruments = Annotated[list[str], Field(min_length=1, max_length=30, examples=[["XNYS:IBM"]])]


class SeatView(Schema):
    """Where the desk sits; `lease_epoch` fences its decisions."""

    pod: str
    seat: int
    lease_epoch: int
    taken_at: datetime


class WaitingView(Schema):
    """The desk wants a seat and there is none: `place` in the pool's queue, 1 is next."""

    since: datetime
    place: int


class LimitsSchema(Schema):
    """Weights, loss and drawdown (from the highest equity) are shares of equity.

    `max_concentration` bounds the sum of the squared weights, `price_collar` how far beyond the
    last price, as a share of it, a limit may pay.
    """

    max_order_value: Annotated[Money, Field(gt=0, le=10_000_000)]
    max_position_weight: Annotated[float, Field(gt=0, le=1)]
    max_gross_exposure: Annotated[float, Field(gt=0, le=2)]
    max_daily_loss: Annotated[float, Field(gt=0, le=0.5)]
    max_orders_per_minute: Annotated[int, Field(ge=1, le=600)]
    max_concentration: Annotated[float, Field(gt=0, le=4)]
    max_drawdown: Annotated[float, Field(gt=0, le=1)]
    price_collar: Annotated[float, Field(gt=0, le=1)]


class RiskView(LimitsSchema):
    halted: bool
    halt_reason: str
    state: RiskState


class RiskChange(Schema):
    """Only what is given changes. A trader may tighten; loosening takes the role `risk`."""

    max_order_value: Annotated[Decimal | None, Field(gt=0, le=10_000_000)] = None
    max_position_weight: Annotated[float | None, Field(gt=0, le=1)] = None
    max_gross_exposure: Annotated[float | None, Field(gt=0, le=2)] = None
    max_daily_loss: Annotated[float | None, Field(gt=0, le=0.5)] = None
    max_orders_per_minute: Annotated[int | None, Field(ge=1, le=600)] = None
    max_concentration: Annotated[float | None, Field(gt=0, le=4)] = None
    max_drawdown: Annotated[float | None, Field(gt=0, le=1)] = None
    price_collar: Annotated[float | None, Field(gt=0, le=1)] = None


class InstrumentsView(Schema):
    """What the desk trades, at which interval, and the policy line that follows from it."""

    instruments: list[str]
    interval: Interval
    risk_profile: RiskProfile
    policy_line: str
    policy_version: str | None


class InstrumentsChange(Schema):
    """Only what is given changes. An instrument with an open position cannot be taken out."""

    instruments: Instruments | None = None
    interval: Interval | None = None
    risk_profile: RiskProfile | None = None


class DeskChange(Schema):
    """Only what is given changes."""

    name: Annotated[str | None, Field(min_length=1, max_length=80)] = None
    automatic: bool | None = None


class DeskView(Schema):
    id: str
    name: str
    owner: str
    currency: str
    mode: str
    automatic: bool
    pool: str
    instruments: list[str]
    interval: Interval
    risk_profile: RiskProfile
    policy_line: str
    policy_version: str | None
    starting_cash: Money
    cash: Money
    fees: Money
    limits: RiskView
    seat: SeatView | None
    waiting: WaitingView | None
    last_bar_end: datetime | None
    created_at: datetime
