"""A trial: one candidate trained with one seed in one night."""

from sqlalchemy import BigInteger, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import SCHEMA, Base, Id, Instant, Owned


class Trial(Base, Owned):
    """`sharpe` is annualised, after costs, out of sample."""

    __tablename__ = "trial"
    __table_args__ = (Index("ix_trial_policy_line_id", "policy_line", "id"),)

    id: Mapped[Id]
    policy_line: Mapped[str] = mapped_column(ForeignKey(f"{SCHEMA}.policy_line.id"))
    night: Mapped[str]
    seed: Mapped[int]
    algorithm: Mapped[str]
    steps: Mapped[int] = mapped_column(BigInteger)
    cpu_seconds: Mapped[float]
    sharpe: Mapped[float]
    policy: Mapped[str]
    at: Mapped[Instant]
