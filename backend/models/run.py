"""A chat turn: the work on one message of the user's."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import SCHEMA, Base, CreatedAt, Id, Owned

_A_LEASE = "now() + interval '3 minutes'"
"""Of a run that a back end of the version before has begun, which renews none."""


class RunState(StrEnum):
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Run(Base, Owned):
    """`attempts` counts the pods that were asked; a thread has at most one running run.

    `owner` is the back end that works on it, `epoch` grows with each owner, and once `lease_until`
    has passed any other may take it. `request` is what a pod is asked, kept while it runs.
    """

    __tablename__ = "run"
    __table_args__ = (
        CheckConstraint("state IN ('running','done','failed','cancelled')", name="state"),
        Index("uq_run_running", "thread_id", unique=True, postgresql_where="state = 'running'"),
        Index("ix_run_leased", "lease_until", postgresql_where="state = 'running'"),
    )

    id: Mapped[Id]
    thread_id: Mapped[str] = mapped_column(ForeignKey(f"{SCHEMA}.thread.id"), index=True)
    state: Mapped[str] = mapped_column(default=RunState.RUNNING, server_default="running")
    pod: Mapped[str | None]
    attempts: Mapped[int] = mapped_column(default=0, server_default="0")
    error_code: Mapped[str | None]
    request: Mapped[dict[str, Any] | None]
    owner: Mapped[str | None]
    epoch: Mapped[int] = mapped_column(default=1, server_default="1")
    lease_until: Mapped[datetime] = mapped_column(server_default=text(_A_LEASE))
    created_at: Mapped[CreatedAt]
    ended_at: Mapped[datetime | None]
