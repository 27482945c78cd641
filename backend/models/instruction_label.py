"""Where a label of an agent's instructions (`production`, …) points; Redis serves it."""

from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import Base, CreatedAt, Owned


class InstructionLabel(Base, Owned):
    __tablename__ = "instruction_label"

    agent: Mapped[str] = mapped_column(primary_key=True)
    label: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    moved_at: Mapped[CreatedAt]
    moved_by: Mapped[str]
