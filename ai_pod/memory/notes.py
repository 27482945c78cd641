"""An organisation's own notes in the index: brought in line with what the back end has laid out,
whenever they are about to be searched. Nothing has to be told, and nothing is lost.
"""

import asyncio
from collections.abc import Awaitable
from typing import cast

import msgspec
from redis.asyncio import Redis

from ai_pod.contracts import keys
from ai_pod.contracts.notes import Note
from ai_pod.memory.shipped import Passage
from ai_pod.memory.vectors import PassageIndex

SOURCE = "notes of the organisation"


class OwnNotes:
    """Of any organisation; each is looked at by itself."""

    def __init__(self, redis: Redis, index: PassageIndex) -> None:
        self._redis = redis
        self._index = index
        self._syncing = asyncio.Lock()

    async def any(self, organisation: str) -> bool:
        """Whether the organisation has notes; asks nothing of the index."""
        return bool(await self._redis.exists(keys.note_revisions(organisation)))

    async def sync(self, organisation: str) -> int:
        """Index what is new or changed, drop what is gone; gives how many notes there are."""
        found = self._redis.hgetall(keys.note_revisions(organisation))
        revisions = await cast("Awaitable[dict[bytes, bytes]]", found)
        wanted = {name.decode(): int(revision) for name, revision in revisions.items()}
        async with self._syncing:
            indexed = await self._index.revisions(organisation)
            new = [name for name, at in wanted.items() if indexed.get(name) != str(at)]
            await self._index.remove(organisation, indexed.keys() - wanted.keys())
            await self._add(organisation, new)
        return len(wanted)

    async def _add(self, organisation: str, names: list[str]) -> None:
        if not names:
            return
        found = self._redis.hmget(keys.notes(organisation), names)
        bodies = await cast("Awaitable[list[bytes | None]]", found)
        notes = [msgspec.json.decode(body, type=Note) for body in bodies if body]
        await self._index.add([_passage(organisation, note) for note in notes])


def _passage(organisation: str, note: Note) -> Passage:
    return Passage(
        id=note.id,
        title=note.title,
        text=" ".join(note.text.split()),
        source=SOURCE,
        organisation=organisation,
        instrument=note.instrument,
        date=note.date,
        revision=str(note.revision),
    )
