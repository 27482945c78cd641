"""An organisation's own notes, as the back end lays them out for chat to search."""

from market.words import Word

MOST_NOTES = 500
"""Of one organisation: all of them are compared at a question."""


class Note(Word, frozen=True, kw_only=True):
    """`instrument` and `date` (ISO, a day of market time) are empty where none applies.

    `revision` grows with every change of any note.
    """

    id: str
    title: str
    text: str
    author: str
    instrument: str = ""
    date: str = ""
    revision: int = 0
