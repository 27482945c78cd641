"""What a user thinks of an answer: one thumb and a note, and how the answer came about."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import SCHEMA, Base, CreatedAt, Owned


class MessageFeedback(Base, Owned):
    """`trace_id`, `instructions` (the version) and `model` are the answer's."""

    __tablename__ = "message_feedback"
    __table_args__ = (
        CheckConstraint("rating IN ('up','down')", name="rating"),
        Index(
            "ix_message_feedback_organisation_id_changed_at_message_id",
            "organisation_id",
            "changed_at",
            "message_id",
        ),
    )

    message_id: Mapped[str] = mapped_column(
        ForeignKey(f"{SCHEMA}.message.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[str] = mapped_column(ForeignKey(f"{SCHEMA}.user.id"), primary_key=True)
    rating: Mapped[str]
    note: Mapped[str | None]
    trace_id: Mapped[str | None]
    instructions: Mapped[int | None]
    model: Mapped[str | None]
    created_at: Mapped[CreatedAt]
    changed_at: Mapped[datetime]
