"""A conversation of a user with the desk's chatbot."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import SCHEMA, Base, CreatedAt, Id, Owned


class Thread(Base, Owned):
    __tablename__ = "thread"
    __table_args__ = (Index("ix_thread_user_id_id", "user_id", "id"),)

    id: Mapped[Id]
    user_id: Mapped[str] = mapped_column(ForeignKey(f"{SCHEMA}.user.id"))
    desk_id: Mapped[str | None] = mapped_column(ForeignKey(f"{SCHEMA}.desk.id"))
    title: Mapped[str]
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[datetime]
