"""A verdict of the gate, with every number that it rests on; kept for ever."""

from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import SCHEMA, Base, Id, Instant, Owned


class Verdict(Base, Owned):
    """`moved`: its challenger has become champion by it. `equity` is large, and read by its sheet
    alone.
    """

    __tablename__ = "verdict"
    __table_args__ = (
        Index("ix_verdict_organisation_id_at", "organisation_id", "at", "id"),
        Index("ix_verdict_policy_line_at", "policy_line", "at"),
    )

    id: Mapped[Id]
    policy_line: Mapped[str] = mapped_column(ForeignKey(f"{SCHEMA}.policy_line.id"))
    night: Mapped[str]
    verdict: Mapped[str]
    moved: Mapped[bool]
    champion: Mapped[str]
    challenger: Mapped[str]
    sentence: Mapped[str]
    window_from: Mapped[Instant]
    window_to: Mapped[Instant]
    bars: Mapped[int]
    seeds: Mapped[int]
    trials: Mapped[int]
    sharpe_difference: Mapped[float]
    interval_low: Mapped[float]
    interval_high: Mapped[float]
    cost_bps: Mapped[float]
    competitors: Mapped[list[dict[str, Any]]]
    checks: Mapped[dict[str, bool]]
    synthetic: Mapped[bool]
    protocol: Mapped[dict[str, float]]
    measures: Mapped[dict[str, float]]
    spa: Mapped[dict[str, float]]
    intervals: Mapped[dict[str, list[float]]]
    paths: Mapped[int]
    trial_records: Mapped[int]
    at: Mapped[Instant]
    equity: Mapped[dict[str, Any] | None] = mapped_column(deferred=True)
