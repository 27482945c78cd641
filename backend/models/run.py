"""A chat turn: the work on one message of the user's."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import SCHEMA, Base, CreatedAt, Id, Owned


class RunState(StrEnum):
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Run(Base, Owned):
    """`attempts` counts the pods that were asked; a thread has at most one running run."""

    __tablename__ = "run"
    __table_args__ = (
        CheckConstraint("state IN ('running','done','failed','cancelled')", name="state"),
        Index("uq_run_running", "thread_id", unique=True, postgresql_where="state = 'running'"),
    )

    id: Mapped[Id]
    thread_id: Mapped[str] = mapped_column(ForeignKey(f"{SCHEMA}.thread.id"), index=True)
    state: Mapped[str] = mapped_column(default=RunState.RUNNING, server_default="running")
    pod: Mapped[str | None]
    attempts: Mapped[int] = mapped_column(default=0, server_default="0")
    error_code: Mapped[str | None]
    created_at: Mapped[CreatedAt]
    ended_at: Mapped[datetime | None]
