"""A policy line: what a policy is for, and the champion that trades for all its desks."""

from sqlalchemy import BigInteger, CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import Base, Id, Owned


class PolicyLine(Base, Owned):
    """`id` is `POOL/SYM+SYM/INTERVAL/PROFILE`. `champion` moves by compare-and-set with `revision`.

    `trials` is the count of all candidates that were ever tried for the line. What is null of
    `shadow_sessions` and `promotion` is as the service's settings say; `rollback` holds those
    parameters of the automatic rollback that differ from the defaults.
    """

    __tablename__ = "policy_line"
    __table_args__ = (
        CheckConstraint("risk_profile IN ('cautious','balanced','bold')", name="risk_profile"),
        CheckConstraint("promotion IN ('approval','automatic')", name="promotion"),
        CheckConstraint("shadow_sessions >= 0", name="shadow_sessions"),
    )

    id: Mapped[Id]
    pool: Mapped[str]
    instruments: Mapped[list[str]]
    interval: Mapped[str]
    risk_profile: Mapped[str]
    champion: Mapped[str]
    trials: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    revision: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    shadow_sessions: Mapped[int | None]
    promotion: Mapped[str | None]
    rollback: Mapped[dict[str, float]] = mapped_column(default=dict, server_default="{}")
