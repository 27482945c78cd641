"""A desk: one user's account, with its books' totals and risk limits."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import SCHEMA, Base, CreatedAt, Id, Money, Owned


class RiskState(StrEnum):
    """ACTIVE trades; REDUCING lets positions only get smaller; HALTED lets nothing through."""

    ACTIVE = "active"
    REDUCING = "reducing"
    HALTED = "halted"


class Desk(Base, Owned):
    """Whoever changes money locks this row first.

    `cash` and `fees` are kept by whoever commits fills; `last_bar_end` is the end of the last bar
    whose decision was recorded, kept by the executor. `waiting_since`: it wants a seat, has none.
    `policy_line` is the id of the line that its policy comes from. `state` is what was carried out
    and announced last; what holds now follows from the kill switches and the open conditions.
    `peak_equity` is the highest worth that was marked.
    """

    __tablename__ = "desk"
    __table_args__ = (
        CheckConstraint("mode IN ('paper','live')", name="mode"),
        CheckConstraint("state IN ('active','reducing','halted')", name="state"),
        Index("ix_desk_organisation_id_id", "organisation_id", "id"),
        CheckConstraint("risk_profile IN ('cautious','balanced','bold')", name="risk_profile"),
        Index(
            "ix_desk_waiting", "pool", "waiting_since", postgresql_where="waiting_since IS NOT NULL"
        ),
    )

    id: Mapped[Id]
    user_id: Mapped[str] = mapped_column(ForeignKey(f"{SCHEMA}.user.id"), unique=True)
    name: Mapped[str]
    currency: Mapped[str] = mapped_column(default="USD", server_default="USD")
    mode: Mapped[str] = mapped_column(default="paper", server_default="paper")
    automatic: Mapped[bool] = mapped_column(default=False, server_default="false")
    pool: Mapped[str]
    instruments: Mapped[list[str]]
    interval: Mapped[str]
    risk_profile: Mapped[str]
    policy_line: Mapped[str]
    starting_cash: Mapped[Money]
    cash: Mapped[Money]
    fees: Mapped[Money] = mapped_column(default=Decimal(0), server_default="0")
    last_bar_end: Mapped[datetime | None]
    waiting_since: Mapped[datetime | None]
    max_order_value: Mapped[Money]
    max_position_weight: Mapped[float]
    max_gross_exposure: Mapped[float]
    max_daily_loss: Mapped[float]
    max_orders_per_minute: Mapped[int]
    max_concentration: Mapped[float] = mapped_column(default=1.0, server_default="1.0")
    max_drawdown: Mapped[float] = mapped_column(default=0.3, server_default="0.3")
    price_collar: Mapped[float] = mapped_column(default=0.1, server_default="0.1")
    peak_equity: Mapped[Money] = mapped_column(default=Decimal(0), server_default="0")
    state: Mapped[str] = mapped_column(default=RiskState.ACTIVE, server_default="active")
    halted: Mapped[bool] = mapped_column(default=False, server_default="false")
    halt_reason: Mapped[str] = mapped_column(default="", server_default="")
    halted_by: Mapped[str] = mapped_column(default="", server_default="")
    created_at: Mapped[CreatedAt]
