"""What chat has prepared and a person has to confirm."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import SCHEMA, Base, CreatedAt, Id, Instant, Owned


class IntentState(StrEnum):
    """`denied`: confirmed, and then refused by the risk check, which the order's row tells."""

    PREPARED = "prepared"
    CONFIRMED = "confirmed"
    DENIED = "denied"
    DISMISSED = "dismissed"


class Intent(Base, Owned):
    """`wanted` is a word of `ai_pod.contracts.intents`. A run, however often it is begun anew, has
    one intent at most. Instants are wall time: a dialog's life is real.
    """

    __tablename__ = "intent"
    __table_args__ = (
        CheckConstraint("state IN ('prepared','confirmed','denied','dismissed')", name="state"),
        Index("ix_intent_user_id_id", "user_id", "id"),
    )

    id: Mapped[Id]
    user_id: Mapped[str] = mapped_column(ForeignKey(f"{SCHEMA}.user.id"))
    desk_id: Mapped[str | None] = mapped_column(ForeignKey(f"{SCHEMA}.desk.id"))
    run_id: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    says: Mapped[str]
    wanted: Mapped[dict[str, Any]]
    preview: Mapped[dict[str, Any]]
    outcome: Mapped[dict[str, Any]]
    nonce: Mapped[str]
    state: Mapped[str] = mapped_column(default=IntentState.PREPARED, server_default="prepared")
    created_at: Mapped[CreatedAt]
    expires_at: Mapped[Instant]
    ended_at: Mapped[datetime | None]
