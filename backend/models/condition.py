"""A condition: why desks may only make positions smaller, since when, and until when."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import Base, Id, Instant, Owned


class Condition(Base, Owned):
    """Instants are market time. `scope` is `desk:ID`, `organisation:ID`, `pool:NAME` or `all`;
    `source` tells apart several finders of the same cause.
    """

    __tablename__ = "condition"
    __table_args__ = (
        Index(
            "uq_condition_open",
            "scope",
            "cause",
            "source",
            unique=True,
            postgresql_where="cleared_at IS NULL",
        ),
        Index("ix_condition_organisation_id_id", "organisation_id", "id"),
    )

    id: Mapped[Id]
    scope: Mapped[str]
    cause: Mapped[str]
    source: Mapped[str] = mapped_column(default="", server_default="")
    context: Mapped[dict[str, Any]]
    since: Mapped[Instant]
    cleared_at: Mapped[datetime | None]
    cleared_by: Mapped[str] = mapped_column(default="", server_default="")
