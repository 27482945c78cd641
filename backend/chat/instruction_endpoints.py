"""The chatbot's instructions, for operators: immutable versions, and labels that point at one."""

from typing import Annotated

from fastapi import APIRouter, Path

from backend.auth.dependencies import Operator, Overseer
from backend.chat import instructions
from backend.chat.schemas import (
    AllInstructions,
    InstructionsView,
    LabelChange,
    LabelView,
    NewInstructions,
)
from backend.dependencies import CurrentState, Session
from backend.idempotency import Once

Label = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]

router = APIRouter(tags=["instructions"])


@router.get("/instructions")
async def get_instructions(_caller: Overseer, state: CurrentState) -> AllInstructions:
    """All versions, newest first, and the labels."""
    client = instructions.client(state.redis)
    versions = [InstructionsView.of(one) for one in await client.versions()]
    return AllInstructions(
        agent=instructions.AGENT, labels=await client.labels(), versions=versions[::-1]
    )


@router.post("/instructions", status_code=201)
async def post_instructions(
    body: NewInstructions, caller: Operator, session: Session, state: CurrentState, once: Once
) -> InstructionsView:
    """Add a version. It answers nobody until a label points at it."""

    async def act() -> InstructionsView:
        made = await instructions.add(session, state.redis, caller, body.text)
        return InstructionsView.of(made)

    return await once(InstructionsView, act)


@router.get("/instructions/{version}")
async def get_version(version: int, _caller: Overseer, state: CurrentState) -> InstructionsView:
    """One version."""
    return InstructionsView.of(await instructions.get(state.redis, version))


@router.post("/instructions/labels/{label}")
async def move_label(
    label: Label, body: LabelChange, caller: Operator, session: Session, state: CurrentState
) -> LabelView:
    """Point a label at a version: promote, or roll back. Running chats follow at once."""
    return LabelView.of(await instructions.move(session, state.redis, caller, label, body))
