"""A policy line: what a policy is for, and the champion that trades for all its desks."""

from sqlalchemy import BigInteger, CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import Base, Id, Owned


class PolicyLine(Base, Owned):
    """`id` is `POOL/SYM+SYM/INTERVAL/PROFILE`. `champion` moves by compare-and-set with `revision`.

    `trials` is the count of all candidates that were ever tried for the line.
    """

    __tablename__ = "policy_line"
    __table_args__ = (
        CheckConstraint("risk_profile IN ('cautious','balanced','bold')", name="risk_profile"),
    )

    id: Mapped[Id]
    pool: Mapped[str]
    instruments: Mapped[list[str]]
    interval: Mapped[str]
    risk_profile: Mapped[str]
    champion: Mapped[str]
    trials: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    revision: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
