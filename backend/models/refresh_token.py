"""A refresh token, by its hash. It is used once; its use again ends the whole family."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import SCHEMA, Base, CreatedAt, Id, Owned


class RefreshToken(Base, Owned):
    __tablename__ = "refresh_token"

    id: Mapped[Id]
    user_id: Mapped[str] = mapped_column(ForeignKey(f"{SCHEMA}.user.id"), index=True)
    family: Mapped[str] = mapped_column(index=True)
    digest: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[CreatedAt]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
