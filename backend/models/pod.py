"""A pod as the back end knows it: the revision of its seat record, and whether it is being emptied.

Its heartbeat in Redis says whether it lives.
"""

from sqlalchemy import BigInteger
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import Base, CreatedAt, Owned


class Pod(Base, Owned):
    """`drained_start` is the start (its heartbeat's `started_at`) of the process that is being
    emptied because there are more pods than wanted; a later process of the same name is not.
    """

    __tablename__ = "pod"

    name: Mapped[str] = mapped_column(primary_key=True)
    pool: Mapped[str] = mapped_column(index=True)
    revision: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    drained_start: Mapped[float | None]
    first_seen_at: Mapped[CreatedAt]
