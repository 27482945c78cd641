"""An organisation: the customer that owns rows; also the head of its audit chain."""

from sqlalchemy import BigInteger
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import Base, CreatedAt, Id


class Organisation(Base):
    """`id` is what every other row's `organisation_id` names, so it has none itself.

    `audit_number` and `audit_hash` are the last row of its audit chain; `halted` is its latching
    kill switch.
    """

    __tablename__ = "organisation"

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[CreatedAt]
    halted: Mapped[bool] = mapped_column(default=False, server_default="false")
    halt_reason: Mapped[str] = mapped_column(default="", server_default="")
    audit_number: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    audit_hash: Mapped[str] = mapped_column(default="", server_default="")
