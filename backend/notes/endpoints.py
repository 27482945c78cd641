"""`/notes`: what chat may quote besides the notes that are shipped."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from backend.auth.dependencies import CurrentUser
from backend.dependencies import CurrentState, Session
from backend.idempotency import Once
from backend.notes import repository
from backend.notes.schemas import NewNote, NoteChange, NoteView
from backend.notes.service import Notebook, view
from backend.schemas import Page

router = APIRouter(tags=["notes"])


async def notebook(session: Session, state: CurrentState, caller: CurrentUser) -> Notebook:
    return Notebook(session, state, caller)


OwnNotes = Annotated[Notebook, Depends(notebook)]


@router.get("/notes")
async def get_notes(
    notes: OwnNotes,
    cursor: Annotated[str | None, Query(max_length=80)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    instrument: Annotated[str, Query(max_length=40)] = "",
) -> Page[NoteView]:
    """The organisation's notes, newest first."""
    rows = await repository.page(
        notes.session,
        notes.caller.organisation,
        before=cursor,
        instrument=instrument,
        limit=limit + 1,
    )
    return Page.cut([view(*row) for row in rows], limit)


@router.post("/notes", status_code=201)
async def post_note(body: NewNote, notes: OwnNotes, once: Once) -> NoteView:
    """Write one. Chat finds it at the next question."""

    async def act() -> NoteView:
        return await notes.add(body)

    return await once(NoteView, act)


@router.get("/notes/{note_id}")
async def get_note(note_id: str, notes: OwnNotes) -> NoteView:
    """One note; another organisation's is 404."""
    return await notes.get(note_id)


@router.patch("/notes/{note_id}")
async def patch_note(note_id: str, body: NoteChange, notes: OwnNotes) -> NoteView:
    """Change one: its author, or an operator."""
    return await notes.change(note_id, body)


@router.delete("/notes/{note_id}", status_code=204)
async def delete_note(note_id: str, notes: OwnNotes) -> None:
    """Delete one: its author, or an operator."""
    await notes.delete(note_id)
