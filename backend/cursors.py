"""Cursors of lists that go back in time: an instant and the id of the last row shown."""

from datetime import datetime
from typing import TypeAlias

from backend.errors import Invalid

Place: TypeAlias = tuple[datetime, str]
"""Where a page goes on."""


def cursor_of(at: datetime, its_id: str) -> str:
    return f"{at.isoformat()}~{its_id}"


def place_of(cursor: str | None) -> Place | None:
    """Raises Invalid for what is none of ours. A plus that became a blank on its way is one."""
    if cursor is None:
        return None
    at, tilde, its_id = cursor.partition("~")
    try:
        instant = datetime.fromisoformat(at.replace(" ", "+"))
    except ValueError:
        tilde = ""
    if not tilde or instant.tzinfo is None:
        raise Invalid("the cursor is not one of ours", code="invalid_cursor")
    return instant, its_id
