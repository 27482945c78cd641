"""A conversation of a user with the desk's chatbot."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import SCHEMA, Base, CreatedAt, Id, Owned


class Thread(Base, Owned):
    """`api_key_id` is of the key with which a program has asked; such a thread is shown nowhere,
    and forgotten after a time (`backend.doors.retention`).
    """

    __tablename__ = "thread"
    __table_args__ = (
        Index("ix_thread_user_id_id", "user_id", "id"),
        Index("ix_thread_of_people", "user_id", "id", postgresql_where="api_key_id IS NULL"),
        Index("ix_thread_of_programs", "id", postgresql_where="api_key_id IS NOT NULL"),
    )

    id: Mapped[Id]
    user_id: Mapped[str] = mapped_column(ForeignKey(f"{SCHEMA}.user.id"))
    desk_id: Mapped[str | None] = mapped_column(ForeignKey(f"{SCHEMA}.desk.id"))
    api_key_id: Mapped[str | None] = mapped_column(ForeignKey(f"{SCHEMA}.api_key.id"))
    title: Mapped[str]
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[datetime]
