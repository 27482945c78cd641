"""Every seat that ever was: who sat where under which lease epoch, and why it ended."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import SCHEMA, Base, Owned


class SeatHistory(Base, Owned):
    __tablename__ = "seat_history"

    lease_epoch: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    desk_id: Mapped[str] = mapped_column(ForeignKey(f"{SCHEMA}.desk.id"), index=True)
    pool: Mapped[str]
    pod: Mapped[str] = mapped_column(index=True)
    seat: Mapped[int]
    resume_after: Mapped[datetime | None]
    taken_at: Mapped[datetime]
    left_at: Mapped[datetime | None]
    why: Mapped[str] = mapped_column(default="", server_default="")
