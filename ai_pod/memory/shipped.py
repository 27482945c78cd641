"""The passages that are shipped with the product: `notes/*.md`, one passage a heading.

A line `instrument: VENUE:SYMBOL` under the heading ties the passage to an instrument; `also: …`
names other words that people use for it.
"""

import re
from collections.abc import Iterator
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable

import msgspec

from market.words import Word

PUBLIC = "public"
"""The organisation tag of what is shipped: everybody may read it."""

_HEADING = re.compile(r"^## (.+)$", re.MULTILINE)
_FIELD = re.compile(r"^(instrument|also): (.+)\n", re.MULTILINE)


class Passage(Word, frozen=True, kw_only=True):
    """A short text that may be quoted. `instrument` and `date` (ISO) are empty where none applies.

    `also` are other words for the title; they are searched, not shown. `revision` is that of an
    organisation's own note.
    """

    id: str
    title: str
    text: str
    source: str
    organisation: str
    also: str = ""
    instrument: str = ""
    date: str = ""
    revision: str = ""

    @property
    def searched(self) -> str:
        """What is embedded and matched."""
        return (
            f"{self.title}. {self.also}. {self.text}" if self.also else f"{self.title}. {self.text}"
        )

    @property
    def content_hash(self) -> str:
        return sha256(msgspec.json.encode(self)).hexdigest()


def shipped_passages() -> tuple[Passage, ...]:
    """All shipped passages, by file and heading."""
    folder = files("ai_pod.memory").joinpath("notes")
    notes = sorted(folder.iterdir(), key=lambda file: file.name)
    return tuple(
        passage for file in notes if file.name.endswith(".md") for passage in _passages(file)
    )


def _passages(file: Traversable) -> Iterator[Passage]:
    source = file.name.removesuffix(".md")
    _, *parts = _HEADING.split(file.read_text(encoding="utf-8"))
    for title, body in zip(parts[::2], parts[1::2], strict=True):
        fields = dict(_FIELD.findall(body.lstrip("\n")))
        yield Passage(
            id=f"{source}/{title.lower().replace(' ', '-')}",
            title=title,
            text=" ".join(_FIELD.sub("", body.lstrip("\n")).split()),
            source=f"notes/{source}",
            organisation=PUBLIC,
            also=fields.get("also", ""),
            instrument=fields.get("instrument", ""),
        )
