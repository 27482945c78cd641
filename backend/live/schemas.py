"""The live socket's frames, typed for the API's description; what the hub sends has their shape."""

from datetime import datetime
from typing import Annotated, Generic, Literal, TypeVar

from pydantic import Field

from backend.market.schemas import BarView
from backend.models import RiskState
from backend.schemas import Money, NoticeData, Schema
from backend.trading.schemas import EquityPointView, FillView, OrderView, PositionView

D = TypeVar("D")


class ClockAnchor(Schema):
    """At wall time `wall` (Unix seconds) the market's time was `market`; `speed` times as fast."""

    market: datetime
    wall: float
    speed: float


class Limits(Schema):
    max_order_value: Money
    max_position_weight: float
    max_gross_exposure: float
    max_daily_loss: float
    max_orders_per_minute: int
    halted: bool
    halt_reason: str
    max_concentration: float
    max_drawdown: float
    price_collar: float
    state: RiskState
    causes: list[str]


class OpenOrder(Schema):
    """An open order as the desk's snapshot holds it."""

    id: str
    client_order_id: str
    instrument: str
    side: str
    quantity: Money
    filled: Money
    state: str
    reason: str
    created_at: datetime


class RecentFill(Schema):
    id: str
    order: str
    instrument: str
    side: str
    quantity: Money
    price: Money
    fee: Money
    at: datetime


class DeskState(Schema):
    """The desk's snapshot. `as_of` is the market time at which it was valued."""

    desk: str
    organisation: str
    name: str
    currency: str
    mode: str
    automatic: bool
    equity: Money
    cash: Money
    fees: Money
    starting_cash: Money
    positions: list[PositionView]
    open_orders: list[OpenOrder]
    recent_fills: list[RecentFill]
    limits: Limits
    policy_line: str
    policy_version: str
    as_of: datetime


class PhaseData(Schema):
    """What holds the desk's pod now, why and until when, and what comes next."""

    pod: str
    pool: str
    phase: str
    phase_epoch: int
    reason: str
    plan_version: int
    until: datetime | None
    next_phase: str | None
    next_reason: str | None


class PodData(Schema):
    """The desk's pod; `pod` is null while the desk waits for a seat, or has none."""

    pod: str | None
    state: str
    """starting, ready, draining; waiting at `place`, unseated; lost: no heartbeat."""
    place: int | None = None
    seats: int
    desks: int
    agents: dict[str, str]
    beat_at: float | None
    market_now: datetime | None


class SnapshotData(Schema):
    """First frame of a socket, and the answer to `resume`.

    `recovered` is null at first; after a resume it says whether what was missed follows now, or
    the client has to load everything anew.
    """

    desk: DeskState | None
    phase: PhaseData | None
    pod: PodData | None
    instruments: list[str]
    intervals: list[str]
    recovered: bool | None
    replayed: int


class TickData(Schema):
    """The latest trade; older ones may have been left out."""

    instrument: str
    at: datetime
    price: float
    size: float
    synthetic: bool


class SignalItem(Schema):
    instrument: str
    weight_before: float
    weight_after: float
    price: float
    score: float
    base: float
    contributions: dict[str, float] = Field(default_factory=dict)
    reason: str


class SignalData(Schema):
    """A decision with its signals, as the trading agent published it: `observation` in base64."""

    desk: str
    organisation: str
    pod: str
    bar_end: datetime
    interval: str
    policy_line: str
    policy_version: str
    lease_epoch: int
    phase_epoch: int
    weights: dict[str, float]
    prices: dict[str, float]
    signals: list[SignalItem]
    published_wall: float
    synthetic: bool
    observation: str | None = None
    limits: dict[str, float] = Field(default_factory=dict)
    v: int


class HeartbeatData(Schema):
    """Every 5 s. `seq` of the frame is how far the socket has come."""

    queued: int
    """Frames that wait for the client."""


class FrameOf(Schema, Generic[D]):
    """`seq` is the durable stream's id and `epoch` its life; null for snapshots of the moment."""

    v: Literal[1] = 1
    data: D
    ts_source: datetime | None
    """Market time of what it tells."""
    ts_sent: float
    """Wall time, Unix seconds."""
    desk: str | None = None
    seq: str | None = None
    prev: str | None = None
    epoch: str | None = None
    clock: ClockAnchor | None = None


class SnapshotFrame(FrameOf[SnapshotData]):
    kind: Literal["snapshot"]


class TickFrame(FrameOf[TickData]):
    kind: Literal["tick"]


class BarFrame(FrameOf[BarView]):
    kind: Literal["bar"]


class SignalFrame(FrameOf[SignalData]):
    kind: Literal["signal"]


class OrderFrame(FrameOf[OrderView]):
    kind: Literal["order"]


class FillFrame(FrameOf[FillView]):
    kind: Literal["fill"]


class PositionFrame(FrameOf[PositionView]):
    kind: Literal["position"]


class EquityFrame(FrameOf[EquityPointView]):
    kind: Literal["equity"]


class PhaseFrame(FrameOf[PhaseData]):
    kind: Literal["phase"]


class PodFrame(FrameOf[PodData]):
    kind: Literal["pod"]


class NoticeFrame(FrameOf[NoticeData]):
    kind: Literal["notice"]


class HeartbeatFrame(FrameOf[HeartbeatData]):
    kind: Literal["heartbeat"]


LiveFrame = Annotated[
    SnapshotFrame
    | TickFrame
    | BarFrame
    | SignalFrame
    | OrderFrame
    | FillFrame
    | PositionFrame
    | EquityFrame
    | PhaseFrame
    | PodFrame
    | NoticeFrame
    | HeartbeatFrame,
    Field(discriminator="kind"),
]
"""Whatever the server sends."""


class Subscribe(Schema):
    """Ticks of these instruments, and their bars of these intervals; added to what is subscribed.

    Without any word a socket has the desk's instruments, and bars of the desk's interval.
    """

    op: Literal["subscribe"]
    instruments: list[str] = Field(default_factory=list, max_length=100)
    intervals: list[str] = Field(default_factory=list, max_length=5)


class Unsubscribe(Schema):
    """Taken away from what is subscribed."""

    op: Literal["unsubscribe"]
    instruments: list[str] = Field(default_factory=list, max_length=100)
    intervals: list[str] = Field(default_factory=list, max_length=5)


class Resume(Schema):
    """The last durable frame that was seen. Best sent as the first message of a socket."""

    op: Literal["resume"]
    epoch: str = Field(max_length=64)
    seq: str = Field(pattern=r"^\d{1,20}(-\d{1,20})?$")


class TicketMessage(Schema):
    """The ticket, where it is not in the address; must come first."""

    op: Literal["ticket"]
    ticket: str = Field(max_length=128)


ClientMessage = Annotated[
    Subscribe | Unsubscribe | Resume | TicketMessage, Field(discriminator="op")
]
"""Whatever a client may send."""
