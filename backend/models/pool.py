"""A pool of pods: its row is what allocations of the pool queue at, and remembers what was
wanted.
"""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import Base, Owned


class Pool(Base, Owned):
    """`wanted` pods; while demand is lower, `lower_since` and the highest demand since,
    `lower_peak`. `openings`: the most desks that were there at each of the last openings of the
    market (ISO instants); `prewarm` seats are held ready on top of the demand for the next one.
    """

    __tablename__ = "pool"

    name: Mapped[str] = mapped_column(primary_key=True)
    prewarm: Mapped[int] = mapped_column(default=0, server_default="0")
    wanted: Mapped[int] = mapped_column(default=0, server_default="0")
    lower_since: Mapped[datetime | None]
    lower_peak: Mapped[int] = mapped_column(default=0, server_default="0")
    openings: Mapped[dict[str, int]] = mapped_column(default=dict, server_default="{}")
