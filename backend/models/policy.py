"""A policy known to a line: where it came from, where it stands, which champion it followed."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import SCHEMA, Base, CreatedAt, Owned


class Policy(Base, Owned):
    """`id` is a policy id (`sha256:…`, `rule:…`). `state` is a word of `backend.learning.states`,
    `why` the sentence that brought it there at `changed_at`. `verdict_id` judged it against the
    champion `against`; from `sealed_at` on, no bar was known to it. `predecessor` is what a
    rollback returns to.
    """

    __tablename__ = "policy"

    policy_line: Mapped[str] = mapped_column(
        ForeignKey(f"{SCHEMA}.policy_line.id"), primary_key=True
    )
    id: Mapped[str] = mapped_column(primary_key=True)
    trial_id: Mapped[str | None]
    sharpe: Mapped[float | None]
    state: Mapped[str] = mapped_column(default="candidate", server_default="candidate")
    why: Mapped[str] = mapped_column(default="", server_default="")
    changed_at: Mapped[datetime | None]
    verdict_id: Mapped[str | None] = mapped_column(ForeignKey(f"{SCHEMA}.verdict.id"))
    against: Mapped[str | None]
    sealed_at: Mapped[datetime | None]
    predecessor: Mapped[str | None]
    promoted_at: Mapped[datetime | None]
    created_at: Mapped[CreatedAt]
