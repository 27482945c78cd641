"""A pod as the back end knows it: the revision of its seat record, how full it is, whether it is
being emptied, and whether it takes desks.

Its heartbeat in Redis says whether it lives.
"""

from datetime import datetime

from sqlalchemy import BigInteger, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import Base, CreatedAt, Owned


class Pod(Base, Owned):
    """`taken` seats are counted by a trigger on the table of seats, for finding a pod with room.

    `drained_start` is the start (its heartbeat's `started_at`) of the process that is being
    emptied because there are more pods than wanted; a later process of the same name is not.
    `ends_first`: it is empty, and whatever runs the pods knows that this one is to be ended.
    `closed_since`: it is silent, starts, drains or is being emptied, as the seating loop saw it
    last; None while it takes desks.
    """

    __tablename__ = "pod"
    __table_args__ = (
        Index(
            "ix_pod_with_room",
            "pool",
            text("taken DESC"),
            "name",
            postgresql_where=text("taken < 10 AND closed_since IS NULL"),
        ),
    )

    name: Mapped[str] = mapped_column(primary_key=True)
    pool: Mapped[str] = mapped_column(index=True)
    revision: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    taken: Mapped[int] = mapped_column(default=0, server_default="0")
    drained_start: Mapped[float | None]
    ends_first: Mapped[bool] = mapped_column(default=False, server_default="false")
    closed_since: Mapped[datetime | None]
    first_seen_at: Mapped[CreatedAt]
