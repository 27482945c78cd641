"""API keys as they are asked for and shown."""

from datetime import datetime
from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from backend.models import KeyScope
from backend.schemas import Schema

KeyState: TypeAlias = Literal["active", "expired", "revoked"]


class NewKey(Schema):
    """`chat` opens `/v1/chat/completions`, `read` opens `/mcp`."""

    name: Annotated[str, Field(min_length=1, max_length=60, examples=["notebook"])]
    scopes: Annotated[
        list[KeyScope],
        Field(min_length=1, max_length=2, default_factory=lambda: [*KeyScope]),
    ]
    expires_in_days: Annotated[int, Field(ge=1, le=365)] = 90


class KeyView(Schema):
    """`prefix` is how the key begins: all that is known of it once it was shown."""

    id: str
    name: str
    prefix: str
    scopes: list[KeyScope]
    state: KeyState
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None


class MadeKey(KeyView):
    """`key` is shown this once; null when the request comes again with its `Idempotency-Key`."""

    key: str | None = None
