"""What a desk was worth at the end of a bar that was decided on."""

from datetime import datetime

from sqlalchemy import DateTime, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import SCHEMA, Base, Money, Owned


class EquityPoint(Base, Owned):
    """Valued at the decision's prices; `exposure` is Σ |position| x price in money."""

    __tablename__ = "equity_point"

    desk_id: Mapped[str] = mapped_column(ForeignKey(f"{SCHEMA}.desk.id"), primary_key=True)
    bar_end: Mapped[datetime] = mapped_column(DateTime(timezone=True), primary_key=True)
    equity: Mapped[Money]
    cash: Mapped[Money]
    exposure: Mapped[Money]
