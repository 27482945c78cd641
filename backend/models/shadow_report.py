"""What a night's replay of a sealed policy showed; kept for ever."""

from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import SCHEMA, Base, Id, Instant, Owned


class ShadowReport(Base, Owned):
    """`kind` is `shadow` (before promotion) or `review` (since). `sessions` are per market session:
    day, opens, closes, bars, growth, against.
    """

    __tablename__ = "shadow_report"
    __table_args__ = (Index("ix_shadow_report_policy_line_policy", "policy_line", "policy", "at"),)

    id: Mapped[Id]
    policy_line: Mapped[str] = mapped_column(ForeignKey(f"{SCHEMA}.policy_line.id"))
    night: Mapped[str]
    kind: Mapped[str]
    policy: Mapped[str]
    against: Mapped[str]
    since: Mapped[Instant]
    sessions: Mapped[list[dict[str, Any]]]
    difference: Mapped[float]
    upper: Mapped[float | None]
    confidence: Mapped[float]
    drawdown: Mapped[float]
    drawdown_limit: Mapped[float]
    refuted: Mapped[bool]
    sentence: Mapped[str]
    synthetic: Mapped[bool]
    at: Mapped[Instant]
