"""What of an agent's instructions answers whom, beside its labels: one row an agent, which is also
the lock of every change.
"""

from sqlalchemy import BigInteger, CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import Base, Owned


class InstructionServing(Base, Owned):
    """`revision` grows with every change of a label or of the canary's share of users."""

    __tablename__ = "instruction_serving"
    __table_args__ = (CheckConstraint("canary_percent BETWEEN 0 AND 100", name="canary_percent"),)

    agent: Mapped[str] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    canary_percent: Mapped[int] = mapped_column(default=0, server_default="0")
