"""Which back end runs a loop that must run once, and until when."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import Base, Owned


class LoopLease(Base, Owned):
    __tablename__ = "loop_lease"

    name: Mapped[str] = mapped_column(primary_key=True)
    holder: Mapped[str]
    until: Mapped[datetime]
