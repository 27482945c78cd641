"""A version of an agent's instructions, which Redis serves; kept for ever."""

from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import Base, CreatedAt, Owned


class InstructionVersion(Base, Owned):
    """Instructions are the platform's, so the organisation is `PLATFORM`."""

    __tablename__ = "instruction_version"

    agent: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    text: Mapped[str]
    author: Mapped[str]
    created_at: Mapped[CreatedAt]
