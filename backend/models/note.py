"""A note of an organisation, for chat to quote."""

from datetime import date, datetime

from sqlalchemy import BigInteger, Date, ForeignKey, Index, Sequence
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import SCHEMA, Base, CreatedAt, Id, Owned

note_revisions = Sequence("note_revision_seq", metadata=Base.metadata)


class Note(Base, Owned):
    """`day` is market time; `revision` grows with every change of any note."""

    __tablename__ = "note"
    __table_args__ = (Index("ix_note_organisation_id_id", "organisation_id", "id"),)

    id: Mapped[Id]
    author_id: Mapped[str] = mapped_column(ForeignKey(f"{SCHEMA}.user.id"))
    title: Mapped[str]
    text: Mapped[str]
    instrument: Mapped[str] = mapped_column(default="", server_default="")
    day: Mapped[date] = mapped_column(Date)
    revision: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[datetime]
