"""The chatbot's instructions, for operators: immutable versions, and labels that point at one."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query

from backend.auth.dependencies import Operator, Overseer
from backend.chat import instruction_repository as repository
from backend.chat import instructions
from backend.chat.instruction_diff import difference
from backend.chat.instruction_schemas import (
    AllInstructions,
    InstructionsDiff,
    InstructionsView,
    LabelChange,
    LabelMoveView,
    LabelRollback,
    LabelView,
    NewInstructions,
    ShareChange,
    ShareView,
)
from backend.chat.instruction_serving import AGENT, opened
from backend.chat.instructions import Editor
from backend.dependencies import CurrentState, Session
from backend.idempotency import Once
from backend.schemas import Page

Label = Annotated[
    str,
    Path(
        pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$",
        description="`production`, `canary`, or `tenant` for the caller's own organisation",
    ),
]
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]
NumberAsked = Annotated[int, Query(ge=1, le=2**31 - 1)]
Cursor = Annotated[int | None, Query(ge=1, le=2**63 - 1)]
Limit = Annotated[int, Query(ge=1, le=200)]

router = APIRouter(tags=["instructions"])


async def editor(session: Session, state: CurrentState, caller: Operator) -> Editor:
    return Editor(session, state, caller)


Editing = Annotated[Editor, Depends(editor)]


@router.get("/instructions")
async def get_instructions(
    caller: Overseer, session: Session, cursor: Cursor = None, limit: Limit = 50
) -> AllInstructions:
    """What answers whom, and the versions, newest first."""
    row = await repository.serving(session, AGENT) or await opened(session)
    found = await repository.versions(session, AGENT, below=cursor, limit=limit + 1)
    labels = await repository.labels(session, AGENT)
    versions = [InstructionsView.of(one) for one in found[:limit]]
    return AllInstructions(
        agent=AGENT,
        labels=instructions.shown_labels(labels, caller.organisation),
        canary_percent=row.canary_percent,
        versions=versions,
        next_cursor=str(versions[-1].version) if len(found) > limit else None,
    )


@router.post("/instructions", status_code=201)
async def post_instructions(
    body: NewInstructions, editing: Editing, once: Once
) -> InstructionsView:
    """Add a version. It answers nobody until a label points at it."""

    async def act() -> InstructionsView:
        return InstructionsView.of(await editing.add(body.text))

    return await once(InstructionsView, act)


@router.get("/instructions/diff")
async def get_diff(
    _caller: Overseer, session: Session, before: NumberAsked, after: NumberAsked
) -> InstructionsDiff:
    """What changes from one version to another, line by line."""
    one, other = [await instructions.get(session, at) for at in (before, after)]
    return InstructionsDiff(before=before, after=after, lines=difference(one.text, other.text))


@router.put("/instructions/canary")
async def put_share(body: ShareChange, editing: Editing, once: Once) -> ShareView:
    """Let so many per cent of the users be answered by the canary's version: always the same users,
    and more of them as the share grows. 409 when the share has changed by now.
    """

    async def act() -> ShareView:
        return await editing.share(body)

    return await once(ShareView, act)


@router.get("/instructions/{version}")
async def get_version(version: Number, _caller: Overseer, session: Session) -> InstructionsView:
    """One version."""
    return InstructionsView.of(await instructions.get(session, version))


@router.post("/instructions/labels/{label}")
async def move_label(label: Label, body: LabelChange, editing: Editing, once: Once) -> LabelView:
    """Point a label at a version. Turns that have begun go on as they began; the next ones follow.

    409 when the label has moved by now.
    """

    async def act() -> LabelView:
        return await editing.move(label, body)

    return await once(LabelView, act)


@router.post("/instructions/labels/{label}/rollback")
async def roll_back(label: Label, body: LabelRollback, editing: Editing, once: Once) -> LabelView:
    """Put a label back to where it was before its last move; 409 when it has moved by now."""

    async def act() -> LabelView:
        return await editing.roll_back(label, body)

    return await once(LabelView, act)


@router.delete("/instructions/labels/{label}")
async def remove_label(
    label: Label, editing: Editing, once: Once, expected: NumberAsked
) -> LabelView:
    """Take the canary or the organisation's own label away: production answers in its place."""

    async def act() -> LabelView:
        return await editing.remove(label, expected)

    return await once(LabelView, act)


@router.get("/instructions/labels/{label}/history")
async def get_history(
    label: Label, caller: Overseer, session: Session, cursor: Cursor = None, limit: Limit = 50
) -> Page[LabelMoveView]:
    """Every move of the label, newest first."""
    stored = instructions.stored_label(label, caller.organisation)
    found = await repository.moves(session, AGENT, stored, below=cursor, limit=limit + 1)
    views = [LabelMoveView.model_validate(row) for row in found]
    return Page.cut(views, limit, lambda last: str(last.revision))
