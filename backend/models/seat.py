"""A desk's seat on a pod: the lease that fences its decisions."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Sequence
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import SCHEMA, Base, CreatedAt, Owned

lease_epochs = Sequence("lease_epoch_seq", metadata=Base.metadata)


class Seat(Base, Owned):
    """At most one desk a seat, at most one seat a desk, at most ten seats a pod.

    `connected_at`: when somebody was last seen connected to the desk, to half a minute.
    """

    __tablename__ = "seat"
    __table_args__ = (CheckConstraint("seat BETWEEN 0 AND 9", name="seat_number"),)

    pod: Mapped[str] = mapped_column(primary_key=True)
    seat: Mapped[int] = mapped_column(primary_key=True)
    pool: Mapped[str] = mapped_column(index=True)
    desk_id: Mapped[str] = mapped_column(ForeignKey(f"{SCHEMA}.desk.id"), unique=True)
    lease_epoch: Mapped[int] = mapped_column(BigInteger, unique=True)
    resume_after: Mapped[datetime | None]
    taken_at: Mapped[CreatedAt]
    connected_at: Mapped[datetime | None]
