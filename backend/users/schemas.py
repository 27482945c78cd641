"""Accounts, as operators see them."""

from datetime import datetime

from backend.models import Role
from backend.schemas import Schema


class PersonView(Schema):
    """`disabled_at` is null for those who may sign in; `desk` for those who have none."""

    id: str
    login: str
    name: str
    role: Role
    created_at: datetime
    disabled_at: datetime | None
    desk: str | None


class PersonChange(Schema):
    disabled: bool
