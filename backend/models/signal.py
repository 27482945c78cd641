"""A signal on record: one instrument's change in a decision, with its explanation frozen."""

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import SCHEMA, Base, Id, Instant, Owned


class Signal(Base, Owned):
    """`base` and the contributions add up to `score`. The id follows from desk, bar, instrument."""

    __tablename__ = "signal"
    __table_args__ = (
        Index("ix_signal_desk_id_bar_end", "desk_id", "bar_end", "id"),
        Index("ix_signal_decision_id", "decision_id"),
    )

    id: Mapped[Id]
    desk_id: Mapped[str] = mapped_column(ForeignKey(f"{SCHEMA}.desk.id"))
    decision_id: Mapped[str] = mapped_column(ForeignKey(f"{SCHEMA}.decision.id"))
    bar_end: Mapped[Instant]
    instrument: Mapped[str]
    weight_before: Mapped[float]
    weight_after: Mapped[float]
    price: Mapped[float]
    score: Mapped[float]
    base: Mapped[float]
    contributions: Mapped[dict[str, float]]
    reason: Mapped[str]
    policy_version: Mapped[str]
    synthetic: Mapped[bool]
