"""A policy known to a line: where it came from, and which champion it followed."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import SCHEMA, Base, CreatedAt, Owned


class Policy(Base, Owned):
    """`id` is a policy id (`sha256:…`, `rule:…`). `predecessor` is what a rollback returns to."""

    __tablename__ = "policy"

    policy_line: Mapped[str] = mapped_column(
        ForeignKey(f"{SCHEMA}.policy_line.id"), primary_key=True
    )
    id: Mapped[str] = mapped_column(primary_key=True)
    trial_id: Mapped[str | None]
    sharpe: Mapped[float | None]
    predecessor: Mapped[str | None]
    promoted_at: Mapped[datetime | None]
    created_at: Mapped[CreatedAt]
