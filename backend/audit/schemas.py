"""Audit rows as they are shown."""

from datetime import datetime
from typing import Any

from backend.schemas import Schema


class AuditView(Schema):
    """`hash` covers the row and `previous_hash`, the hash of the row before it."""

    number: int
    at: datetime
    actor: str
    action: str
    subject: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    previous_hash: str
    hash: str


class ChainView(Schema):
    """Whether every row fits the one before it; `first_broken` is the number of one that does
    not.
    """

    intact: bool
    first_broken: int | None
