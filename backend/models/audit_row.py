"""One change: who, what, before, after; chained to the row before it by its hash."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import Base, Owned


class AuditRow(Base, Owned):
    """`number` counts from 1 in each organisation, without gaps."""

    __tablename__ = "audit_row"
    __table_args__ = (Index("uq_audit_row_number", "organisation_id", "number", unique=True),)

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime]
    actor: Mapped[str]
    action: Mapped[str]
    subject: Mapped[str]
    before: Mapped[dict[str, Any] | None]
    after: Mapped[dict[str, Any] | None]
    previous_hash: Mapped[str]
    hash: Mapped[str]
