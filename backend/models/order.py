"""An order: what a desk wants to buy or sell, and how far it has come."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import SCHEMA, Base, Id, Instant, Owned, Quantity

OPEN_STATES = "state IN ('submitted','accepted','partially_filled')"


class Order(Base, Owned):
    """Instants are market time. It fills at the first bar that starts at or after `active_from`.

    `bar_end` and `lease_epoch` are its decision's. `reason` says why it was denied, rejected or
    ended, `context` holds the numbers that led to it.
    """

    __tablename__ = "order"
    __table_args__ = (
        Index("uq_order_desk_id_client_order_id", "desk_id", "client_order_id", unique=True),
        Index("ix_order_desk_id_id", "desk_id", "id"),
        Index("ix_order_desk_id_created_at", "desk_id", "created_at"),
        Index("ix_order_open", "desk_id", postgresql_where=OPEN_STATES),
        CheckConstraint("side IN ('buy','sell')", name="side"),
        CheckConstraint("type IN ('market','limit')", name="type"),
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
    filled: Mapped[Quantity]
    state: Mapped[str]
    reason: Mapped[str] = mapped_column(default="", server_default="")
    context: Mapped[dict[str, Any]]
    decision_id: Mapped[str | None] = mapped_column(ForeignKey(f"{SCHEMA}.decision.id"))
    bar_end: Mapped[datetime | None]
    lease_epoch: Mapped[int | None] = mapped_column(BigInteger)
    active_from: Mapped[Instant]
    created_at: Mapped[Instant]
    ended_at: Mapped[datetime | None]
