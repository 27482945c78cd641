"""A question that an organisation's operators ask of two versions of the instructions before one is
promoted.
"""

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from backend.models.base import Base, CreatedAt, Id, Instant, Owned


class SavedQuestion(Base, Owned):
    __tablename__ = "saved_question"
    __table_args__ = (Index("ix_saved_question_organisation_id_id", "organisation_id", "id"),)

    id: Mapped[Id]
    text: Mapped[str]
    created_by: Mapped[str]
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[Instant]
