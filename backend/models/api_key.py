"""A key with which a program enters a desk, by its hash."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import SCHEMA, Base, CreatedAt, Id, Owned


class KeyScope(StrEnum):
    """`chat` asks the chatbot, `read` calls its tools one by one."""

    CHAT = "chat"
    READ = "read"


class ApiKey(Base, Owned):
    """It acts for the user who made it, on that user's desk. `prefix` is what people know it by."""

    __tablename__ = "api_key"
    __table_args__ = (Index("ix_api_key_desk_id_id", "desk_id", "id"),)

    id: Mapped[Id]
    desk_id: Mapped[str] = mapped_column(ForeignKey(f"{SCHEMA}.desk.id"))
    user_id: Mapped[str] = mapped_column(ForeignKey(f"{SCHEMA}.user.id"))
    name: Mapped[str]
    prefix: Mapped[str]
    digest: Mapped[str] = mapped_column(unique=True)
    scopes: Mapped[list[str]]
    created_at: Mapped[CreatedAt]
    expires_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
