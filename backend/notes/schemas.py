"""Notes on the wire."""

from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from backend.schemas import Schema

Title = Annotated[str, Field(min_length=1, max_length=120)]
Text = Annotated[str, Field(min_length=1, max_length=2_000)]
InstrumentName = Annotated[str, Field(max_length=40, pattern=r"^([\w.]+:[\w./-]+)?$")]


class NewNote(Schema):
    """`instrument` (VENUE:SYMBOL) ties it to one; `day` is market time, today's unless given: chat
    quotes nothing that is dated later than the market's now.
    """

    title: Title
    text: Text
    instrument: InstrumentName = ""
    day: date | None = None


class NoteChange(Schema):
    """Only what is given changes."""

    title: Title | None = None
    text: Text | None = None
    instrument: InstrumentName | None = None
    day: date | None = None


class NoteView(Schema):
    id: str
    title: str
    text: str
    instrument: str
    day: date
    author: str
    created_at: datetime
    updated_at: datetime
