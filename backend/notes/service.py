"""Notes: Postgres keeps them, Redis lays them out for the chatbots, which search and quote them."""

from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

import msgspec
from redis.asyncio import Redis
from sqlalchemy.ext.asyncio import AsyncSession

from ai_pod.contracts import keys
from ai_pod.contracts.notes import MOST_NOTES
from ai_pod.contracts.notes import Note as LaidOut
from backend.auth.dependencies import Caller
from backend.database import after_commit, transaction
from backend.errors import Conflict, Forbidden, NotFound
from backend.leader import run_once
from backend.models import Note, Role, new_id
from backend.notes import repository
from backend.notes.schemas import NewNote, NoteChange, NoteView
from backend.state import State

MIRROR_SECONDS = 30.0


@dataclass(frozen=True)
class Notebook:
    """The notes of the caller's organisation: all of it reads them, their author or an operator
    changes them.
    """

    session: AsyncSession
    state: State
    caller: Caller

    async def add(self, wanted: NewNote) -> NoteView:
        """Raises Forbidden for who only looks on, Conflict when there are too many."""
        if self.caller.role is Role.VIEWER:
            raise Forbidden("the role viewer looks on; it writes no notes")
        organisation = self.caller.organisation
        await repository.lock_all(self.session, organisation)
        if await repository.count(self.session, organisation) >= MOST_NOTES:
            raise Conflict(
                f"an organisation may have {MOST_NOTES} notes; delete some first",
                code="too_many_notes",
            )
        note = Note(
            id=new_id("note"),
            organisation_id=organisation,
            author_id=self.caller.id,
            title=wanted.title,
            text=wanted.text,
            instrument=wanted.instrument,
            day=wanted.day or self.state.clock.now().date(),
            revision=await repository.next_revision(self.session),
            created_at=datetime.now(UTC),
            updated_at=datetime.now(UTC),
        )
        self.session.add(note)
        await self.session.flush()
        self._publish()
        return view(note, self.caller.login)

    async def get(self, note_id: str) -> NoteView:
        """Raises NotFound."""
        return view(*await self._row(note_id))

    async def change(self, note_id: str, wanted: NoteChange) -> NoteView:
        """Raises NotFound, Forbidden."""
        note, author = await self._own(note_id)
        for name, value in wanted.model_dump(exclude_none=True).items():
            setattr(note, name, value)
        note.revision = await repository.next_revision(self.session)
        note.updated_at = datetime.now(UTC)
        await self.session.flush()
        self._publish()
        return view(note, author)

    async def delete(self, note_id: str) -> None:
        """Raises NotFound, Forbidden."""
        note, _ = await self._own(note_id)
        await self.session.delete(note)
        await self.session.flush()
        self._publish()

    async def _row(self, note_id: str, *, lock: bool = False) -> repository.Row:
        row = await repository.one(self.session, note_id, self.caller.organisation, lock=lock)
        if row is None:
            raise NotFound(f"there is no note {note_id!r}", code="note_not_found")
        return row

    async def _own(self, note_id: str) -> repository.Row:
        note, author = await self._row(note_id, lock=True)
        if note.author_id != self.caller.id and self.caller.role is not Role.OPERATOR:
            raise Forbidden(f"only {author}, who wrote it, or an operator may change this note")
        return note, author

    def _publish(self) -> None:
        organisation = self.caller.organisation
        after_commit(self.session, lambda: publish(self.state, organisation))


def view(note: Note, author: str) -> NoteView:
    return NoteView(
        id=note.id,
        title=note.title,
        text=note.text,
        instrument=note.instrument,
        day=note.day,
        author=author,
        created_at=note.created_at,
        updated_at=note.updated_at,
    )


async def publish(state: State, organisation: str) -> None:
    """Lay out all notes of the organisation in Redis as they are in Postgres."""
    async with transaction(state.sessions) as session:
        await repository.lock_all(session, organisation)
        rows = await repository.page(
            session, organisation, before=None, instrument="", limit=2 * MOST_NOTES
        )
        laid_out = [_laid_out(note, author) for note, author in rows]
        async with state.redis.pipeline(transaction=True) as pipe:
            pipe.delete(keys.notes(organisation), keys.note_revisions(organisation))
            for note in laid_out:
                pipe.hset(keys.notes(organisation), note.id, msgspec.json.encode(note))
                pipe.hset(keys.note_revisions(organisation), note.id, note.revision)
            if laid_out:
                pipe.sadd(keys.noted_organisations(), organisation)
            else:
                pipe.srem(keys.noted_organisations(), organisation)
            await pipe.execute()


def _laid_out(note: Note, author: str) -> LaidOut:
    return LaidOut(
        id=note.id,
        title=note.title,
        text=note.text,
        author=author,
        instrument=note.instrument,
        date=note.day.isoformat(),
        revision=note.revision,
    )


async def mirror(state: State) -> None:
    """Give Redis back what it lost or missed, once among all back ends, for ever."""
    await run_once(state, "notes", compare, period_seconds=MIRROR_SECONDS)


async def compare(state: State) -> None:
    """Publish the notes of every organisation whose layout differs from Postgres."""
    async with transaction(state.sessions) as session:
        kept = await repository.states(session)
    listed = cast("Awaitable[set[bytes]]", state.redis.smembers(keys.noted_organisations()))
    named = {one.decode() for one in await listed}
    for organisation in kept.keys() | named:
        if await _laid_out_state(state.redis, organisation) != kept.get(organisation, (0, 0)):
            await publish(state, organisation)


async def _laid_out_state(redis: Redis, organisation: str) -> tuple[int, int]:
    async with redis.pipeline(transaction=False) as pipe:
        pipe.hlen(keys.notes(organisation))
        pipe.hvals(keys.note_revisions(organisation))
        found: list[Any] = await pipe.execute()
    number, revisions = found
    return number, max((int(one) for one in revisions), default=0)
