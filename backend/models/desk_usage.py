"""What a desk has cost on one day: its share of one agent, in one life of one pod."""

from datetime import date

from sqlalchemy import BigInteger, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import SCHEMA, Base, Owned


class DeskUsage(Base, Owned):
    """As the pod has measured it so far: the figures of a row only grow. `life` is the start of the
    pod's process in ms since 1970, `day` is in UTC and real time.
    """

    __tablename__ = "desk_usage"
    __table_args__ = (Index("ix_desk_usage_organisation_id_day", "organisation_id", "day"),)

    desk_id: Mapped[str] = mapped_column(ForeignKey(f"{SCHEMA}.desk.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    pod: Mapped[str] = mapped_column(primary_key=True)
    life: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    agent: Mapped[str] = mapped_column(primary_key=True)
    cpu_seconds: Mapped[float]
    memory_gib_seconds: Mapped[float]
