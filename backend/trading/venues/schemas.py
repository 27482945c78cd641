"""A desk's mode and a venue's account on the wire."""

from datetime import datetime
from typing import Literal

from backend.schemas import Schema


class ModeChange(Schema):
    """To go live takes the sentence of `/venue` for the desk, typed by a person."""

    mode: Literal["paper", "live"]
    confirmation: str = ""


class DifferenceView(Schema):
    """Between our books and the venue's; while `resolved_at` is empty they do not agree."""

    id: str
    venue: str
    kind: str
    subject: str
    ours: str
    theirs: str
    action: str
    found_at: datetime
    resolved_at: datetime | None


class VenueView(Schema):
    """`venue` is None while live trading is not configured; `confirmation` is what a person types
    to bring the desk there.
    """

    venue: str | None
    mode: str
    confirmation: str | None
    agreed: bool
    differences: list[DifferenceView]
