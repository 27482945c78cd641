"""Intents on the wire."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from backend.schemas import Schema

IntentStateName = Literal["prepared", "confirmed", "denied", "dismissed", "expired"]


class IntentPreview(Schema):
    """What the checks said when it was prepared; they are made again when it is confirmed."""

    allowed: bool
    code: str | None = None
    detail: str


class IntentOutcome(Schema):
    """What came of it: `subject` is the order, desk or override, `KIND:ID`."""

    subject: str
    code: str | None = None
    detail: str = ""


class IntentView(Schema):
    """`says` is what will be done. `nonce` is told while it can be confirmed, to its person alone;
    `expires_at` is real time.
    """

    id: str
    kind: str
    says: str
    state: IntentStateName
    preview: IntentPreview
    nonce: str | None
    desk: str | None
    run: str
    created_at: datetime
    expires_at: datetime
    ended_at: datetime | None
    outcome: IntentOutcome | None


class Confirmation(Schema):
    """The intent's nonce: who has not seen the intent cannot confirm it."""

    nonce: Annotated[str, Field(min_length=1, max_length=80)]
