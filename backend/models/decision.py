"""A decision on record, and what the executor made of it."""

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import SCHEMA, Base, CreatedAt, Id, Instant, Owned


class Decision(Base, Owned):
    """One a desk and bar end. `entry` is its id in the stream `ai:decisions`.

    `observation` is what the policy saw, float32 in the order of the features; `limits` what was
    cut from what it wanted; `fault` why there was no decision to be had from it.
    """

    __tablename__ = "decision"
    __table_args__ = (Index("uq_decision_desk_id_bar_end", "desk_id", "bar_end", unique=True),)

    id: Mapped[Id]
    desk_id: Mapped[str] = mapped_column(ForeignKey(f"{SCHEMA}.desk.id"))
    bar_end: Mapped[Instant]
    interval: Mapped[str]
    pod: Mapped[str]
    policy_line: Mapped[str]
    policy_version: Mapped[str]
    lease_epoch: Mapped[int] = mapped_column(BigInteger)
    phase_epoch: Mapped[int] = mapped_column(BigInteger)
    weights: Mapped[dict[str, float]]
    prices: Mapped[dict[str, float]]
    outcome: Mapped[str]
    orders: Mapped[int]
    entry: Mapped[str]
    synthetic: Mapped[bool]
    published_wall: Mapped[float]
    observation: Mapped[bytes] = mapped_column(LargeBinary, default=b"", server_default="")
    limits: Mapped[dict[str, float]] = mapped_column(default=dict, server_default="{}")
    fault: Mapped[str] = mapped_column(default="", server_default="")
    recorded_at: Mapped[CreatedAt]
