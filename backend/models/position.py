"""A position: what a desk holds of one instrument, what it cost, and what it has earned."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import SCHEMA, Base, Instant, Money, Owned, Quantity


class Position(Base, Owned):
    """`quantity` and `cost` are signed; cash + Σ cost = starting cash + Σ realised - fees."""

    __tablename__ = "position"

    desk_id: Mapped[str] = mapped_column(ForeignKey(f"{SCHEMA}.desk.id"), primary_key=True)
    instrument: Mapped[str] = mapped_column(primary_key=True)
    quantity: Mapped[Quantity]
    cost: Mapped[Money]
    realised: Mapped[Money]
    last_price: Mapped[Money]
    updated_at: Mapped[Instant]
