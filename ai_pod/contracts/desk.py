"""The desk's snapshot in Redis, written by the backend after each commit; agents read it, nobody
else writes it.
"""

from datetime import datetime
from decimal import Decimal

from market.words import Word


class PositionView(Word, frozen=True, kw_only=True):
    """Quantity is signed. Money in the desk's currency."""

    instrument: str
    quantity: Decimal
    average_price: Decimal
    last_price: Decimal
    market_value: Decimal
    unrealised: Decimal
    realised: Decimal


class OrderView(Word, frozen=True, kw_only=True):
    """`kind` and `time_in_force` are words of `market.simulator.words`; `triggered` says that its
    stop has been reached, `expected` that it counts as held already: it does not only guard.
    """

    id: str
    client_order_id: str
    instrument: str
    side: str
    quantity: Decimal
    filled: Decimal
    state: str
    reason: str
    created_at: datetime
    kind: str = "market"
    limit_price: Decimal | None = None
    stop_price: Decimal | None = None
    trail_amount: Decimal | None = None
    time_in_force: str = "gtc"
    expires_at: datetime | None = None
    reduce_only: bool = False
    oco_group: str | None = None
    triggered: bool = False
    expected: bool = True


class FillView(Word, frozen=True, kw_only=True):
    id: str
    order: str
    instrument: str
    side: str
    quantity: Decimal
    price: Decimal
    fee: Decimal
    at: datetime


class LimitsView(Word, frozen=True, kw_only=True):
    """The desk's risk limits; weights are shares of equity. `state` is active, reducing or halted,
    and `causes` why it is reducing.
    """

    max_order_value: Decimal
    max_position_weight: float
    max_gross_exposure: float
    max_daily_loss: float
    max_orders_per_minute: int
    halted: bool
    halt_reason: str = ""
    max_concentration: float = 1.0
    max_drawdown: float = 1.0
    price_collar: float = 1.0
    state: str = "active"
    causes: tuple[str, ...] = ()


class DayView(Word, frozen=True, kw_only=True):
    """What the desk's market day began with, and what was booked since; the day is that of UTC, as
    for the limit of the daily loss.

    `opening` is the desk's equity when it was marked last before the day, at `marked_at`; without
    one the desk is of this day, and began with its starting cash. `realised` by instrument, before
    `fees`.
    """

    opening: Decimal
    marked_at: datetime | None
    realised: dict[str, Decimal]
    fees: Decimal


class DeskSnapshot(Word, frozen=True, kw_only=True):
    """`ai:desk:{desk}`. `as_of` is the market time at which it was read and valued, on `day`.

    `valued_wall` is the same as wall time: an older snapshot never replaces a newer one.
    """

    desk: str
    organisation: str
    name: str
    currency: str
    mode: str
    automatic: bool
    equity: Decimal
    cash: Decimal
    fees: Decimal
    starting_cash: Decimal
    positions: tuple[PositionView, ...]
    open_orders: tuple[OrderView, ...]
    recent_fills: tuple[FillView, ...]
    limits: LimitsView
    policy_line: str
    policy_version: str
    as_of: datetime
    valued_wall: float = 0.0
    day: DayView | None = None
    v: int = 1
