"""A move of a label of an agent's instructions; kept for ever, so that it can be taken back."""

from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import Base, CreatedAt, Owned


class MoveKind(StrEnum):
    MOVED = "moved"
    ROLLED_BACK = "rolled_back"
    REMOVED = "removed"


class InstructionMove(Base, Owned):
    """`version` is null where the label is gone. `before` is the revision of the move to which a
    rollback of this one goes back.
    """

    __tablename__ = "instruction_move"
    __table_args__ = (
        CheckConstraint("kind IN ('moved','rolled_back','removed')", name="kind"),
        Index("ix_instruction_move_agent_label_revision", "agent", "label", "revision"),
    )

    agent: Mapped[str] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    label: Mapped[str]
    kind: Mapped[str]
    version: Mapped[int | None]
    previous: Mapped[int | None]
    before: Mapped[int | None] = mapped_column(BigInteger)
    reason: Mapped[str]
    moved_by: Mapped[str]
    moved_at: Mapped[CreatedAt]
