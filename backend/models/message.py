"""A message of a thread: what the user asked, or what the chatbot answered and from which facts."""

from typing import Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import SCHEMA, Base, CreatedAt, Id, Owned

WORDS = "to_tsvector('simple'::regconfig, text)"
"""What a search looks at: words as they are, since people write in several languages."""


class Message(Base, Owned):
    """`data`: citations, tools with their facts, instructions' version, grounded, a notice."""

    __tablename__ = "message"
    __table_args__ = (
        Index("ix_message_thread_id_id", "thread_id", "id"),
        Index("ix_message_run_id", "run_id"),
        Index("ix_message_words", text(WORDS), postgresql_using="gin"),
    )

    id: Mapped[Id]
    thread_id: Mapped[str] = mapped_column(ForeignKey(f"{SCHEMA}.thread.id"))
    run_id: Mapped[str]
    role: Mapped[str]
    text: Mapped[str]
    data: Mapped[dict[str, Any]]
    created_at: Mapped[CreatedAt]
