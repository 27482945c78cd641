"""An order: what a desk wants to buy or sell, and how far it has come."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import SCHEMA, Base, Id, Instant, Money, Owned, Quantity

OPEN_STATES = "state IN ('submitted','accepted','partially_filled')"

_TYPES = "'market','limit','stop','stop_limit','trailing_stop','market_on_open','market_on_close'"


class Order(Base, Owned):
    """Instants are market time. It fills at the first bar that starts at or after `active_from`.

    `bar_end` and `lease_epoch` are its decision's. `reason` says why it was denied, rejected or
    ended, `context` holds the numbers that led to it. `venue` is where it was placed; `sent_at`
    (wall) is set before it is sent there: from then on the venue may hold it.

    Orders of one `oco_group` exclude each other. `triggered`, `extreme` (the best price that a
    trailing stop has seen) and `matched_until` (bars up to there have been looked at) are the paper
    broker's notes; `traded_value` and `fees` are of all its fills.
    """

    __tablename__ = "order"
    __table_args__ = (
        Index("uq_order_desk_id_client_order_id", "desk_id", "client_order_id", unique=True),
        Index("ix_order_desk_id_id", "desk_id", "id"),
        Index("ix_order_desk_id_created_at", "desk_id", "created_at"),
        Index("ix_order_open", "desk_id", postgresql_where=OPEN_STATES),
        Index("ix_order_venue_open", "venue", "id", postgresql_where=OPEN_STATES),
        CheckConstraint("side IN ('buy','sell')", name="side"),
        CheckConstraint(f"type IN ({_TYPES})", name="type"),
        CheckConstraint("time_in_force IN ('day','gtc','ioc')", name="time_in_force"),
        CheckConstraint("filled >= 0 AND filled <= quantity", name="filled"),
    )

    id: Mapped[Id]
    desk_id: Mapped[str] = mapped_column(ForeignKey(f"{SCHEMA}.desk.id"))
    client_order_id: Mapped[str]
    source: Mapped[str]
    instrument: Mapped[str]
    side: Mapped[str]
    type: Mapped[str]
    quantity: Mapped[Quantity]
    limit_price: Mapped[Decimal | None]
    stop_price: Mapped[Decimal | None]
    trail_amount: Mapped[Decimal | None]
    time_in_force: Mapped[str] = mapped_column(default="gtc", server_default="gtc")
    expires_at: Mapped[datetime | None]
    reduce_only: Mapped[bool] = mapped_column(default=False, server_default="false")
    oco_group: Mapped[str | None]
    filled: Mapped[Quantity]
    traded_value: Mapped[Money] = mapped_column(default=Decimal(0), server_default="0")
    fees: Mapped[Money] = mapped_column(default=Decimal(0), server_default="0")
    triggered: Mapped[bool] = mapped_column(default=False, server_default="false")
    extreme: Mapped[Decimal | None]
    matched_until: Mapped[datetime | None]
    state: Mapped[str]
    reason: Mapped[str] = mapped_column(default="", server_default="")
    context: Mapped[dict[str, Any]]
    decision_id: Mapped[str | None] = mapped_column(ForeignKey(f"{SCHEMA}.decision.id"))
    bar_end: Mapped[datetime | None]
    lease_epoch: Mapped[int | None] = mapped_column(BigInteger)
    active_from: Mapped[Instant]
    created_at: Mapped[Instant]
    ended_at: Mapped[datetime | None]
    venue: Mapped[str] = mapped_column(default="paper", server_default="paper")
    venue_order_id: Mapped[str | None]
    sent_at: Mapped[datetime | None]
    cancel_requested: Mapped[bool] = mapped_column(default=False, server_default="false")
