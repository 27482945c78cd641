"""The answer to a mutation that carried an `Idempotency-Key`, for whoever sends it again."""

from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import Base, CreatedAt, Owned


class IdempotentAnswer(Base, Owned):
    """`digest` is of method, path and body: the same key with another request is refused."""

    __tablename__ = "idempotent_answer"

    user_id: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    digest: Mapped[str]
    answer: Mapped[dict[str, Any] | None]
    created_at: Mapped[CreatedAt]
