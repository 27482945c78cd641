"""A person who may sign in, and in which role."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import Base, CreatedAt, Id, Owned


class Role(StrEnum):
    """`trader` has a desk; `operator` runs the platform; `risk` sets limits; `viewer` looks on."""

    TRADER = "trader"
    OPERATOR = "operator"
    RISK = "risk"
    VIEWER = "viewer"


class User(Base, Owned):
    __tablename__ = "user"
    __table_args__ = (
        CheckConstraint("role IN ('trader','operator','risk','viewer')", name="role"),
        CheckConstraint("login = lower(login)", name="login_lower"),
        Index("ix_user_organisation_id", "organisation_id"),
    )

    id: Mapped[Id]
    login: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    role: Mapped[str]
    password_hash: Mapped[str]
    created_at: Mapped[CreatedAt]
    disabled_at: Mapped[datetime | None]
