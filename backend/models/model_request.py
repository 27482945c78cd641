"""One request to a language model, and what it has cost."""

from decimal import Decimal

from sqlalchemy import ForeignKey, Index, Numeric
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import SCHEMA, Base, Id, Instant, Owned


class ModelRequest(Base, Owned):
    """Until it is `settled`, the most that it can cost. `at` is real time."""

    __tablename__ = "model_request"
    __table_args__ = (
        Index("ix_model_request_organisation_id_at", "organisation_id", "at"),
        Index("ix_model_request_user_id_at", "user_id", "at"),
    )

    id: Mapped[Id]
    user_id: Mapped[str] = mapped_column(ForeignKey(f"{SCHEMA}.user.id"))
    run_id: Mapped[str]
    model: Mapped[str]
    input_tokens: Mapped[int]
    output_tokens: Mapped[int]
    usd: Mapped[Decimal] = mapped_column(Numeric(20, 9))
    at: Mapped[Instant]
    settled: Mapped[bool]
