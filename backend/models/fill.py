"""A fill: an order's execution against one bar, or one report of a venue."""

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import SCHEMA, Base, Id, Instant, Money, Owned, Quantity


class Fill(Base, Owned):
    """`at` is the start of the bar it filled against (market time). One fill an order and bar, or
    one a report of the venue's, whose `at` and `bar_end` are when it was executed.
    """

    __tablename__ = "fill"
    __table_args__ = (
        Index(
            "uq_fill_order_id_bar_end",
            "order_id",
            "bar_end",
            unique=True,
            postgresql_where="venue_fill_id IS NULL",
        ),
        Index(
            "uq_fill_order_id_venue_fill_id",
            "order_id",
            "venue_fill_id",
            unique=True,
            postgresql_where="venue_fill_id IS NOT NULL",
        ),
        Index("ix_fill_desk_id_id", "desk_id", "id"),
        Index("ix_fill_desk_id_at", "desk_id", "at"),
    )

    id: Mapped[Id]
    desk_id: Mapped[str] = mapped_column(ForeignKey(f"{SCHEMA}.desk.id"))
    order_id: Mapped[str] = mapped_column(ForeignKey(f"{SCHEMA}.order.id"))
    bar_end: Mapped[Instant]
    instrument: Mapped[str]
    side: Mapped[str]
    quantity: Mapped[Quantity]
    price: Mapped[Money]
    fee: Mapped[Money]
    realised: Mapped[Money]
    at: Mapped[Instant]
    venue_fill_id: Mapped[str | None]
