"""A pod as the back end knows it: the revision of its seat record, and whether it is being emptied.

Its heartbeat in Redis says whether it lives.
"""

from datetime import datetime

from sqlalchemy import BigInteger
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import Base, CreatedAt, Owned


class Pod(Base, Owned):
    """`draining_since` is set when there are more pods than wanted, and is never taken back."""

    __tablename__ = "pod"

    name: Mapped[str] = mapped_column(primary_key=True)
    pool: Mapped[str] = mapped_column(index=True)
    revision: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    draining_since: Mapped[datetime | None]
    first_seen_at: Mapped[CreatedAt]
