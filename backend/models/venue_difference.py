"""A difference between our books and a venue's: found, and then claimed, refused or gone."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped

from backend.models.base import Base, Id, Instant, Owned


class VenueDifference(Base, Owned):
    """`kind` says what differs, `subject` which order or instrument; `ours` and `theirs` are the
    two sides as text. Instants are wall time. While `resolved_at` is empty the books do not agree.
    """

    __tablename__ = "venue_difference"
    __table_args__ = (
        CheckConstraint("kind IN ('order','position','cash')", name="kind"),
        CheckConstraint("action IN ('refused','claimed','resolved')", name="action"),
        Index(
            "uq_venue_difference_open",
            "venue",
            "kind",
            "subject",
            unique=True,
            postgresql_where="resolved_at IS NULL",
        ),
    )

    id: Mapped[Id]
    venue: Mapped[str]
    kind: Mapped[str]
    subject: Mapped[str]
    ours: Mapped[str]
    theirs: Mapped[str]
    action: Mapped[str]
    found_at: Mapped[Instant]
    resolved_at: Mapped[datetime | None]
