"""Trying instructions before they answer people: saved questions, and previews side by side."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse

from backend.auth.dependencies import Operator, Overseer
from backend.chat import instruction_repository as repository
from backend.chat import previews, questions
from backend.chat.instruction_schemas import (
    AnswerPairEvent,
    InstructionPreview,
    QuestionRequest,
    QuestionView,
)
from backend.dependencies import CurrentState, Session
from backend.idempotency import Once
from backend.schemas import Page

Cursor = Annotated[str | None, Query(max_length=80)]
Limit = Annotated[int, Query(ge=1, le=200)]

router = APIRouter(tags=["instructions"])


class PreviewStream(StreamingResponse):
    """Server-sent events; `X-Accel-Buffering` keeps proxies from holding them back."""

    media_type = "text/event-stream"


@router.get("/instructions/questions")
async def get_questions(
    caller: Overseer, session: Session, cursor: Cursor = None, limit: Limit = 50
) -> Page[QuestionView]:
    """The organisation's saved questions, oldest first."""
    found = await repository.questions(session, caller.organisation, after=cursor, limit=limit + 1)
    return Page.cut([QuestionView.model_validate(row) for row in found], limit)


@router.post("/instructions/questions", status_code=201)
async def post_question(
    body: QuestionRequest, caller: Operator, session: Session, once: Once
) -> QuestionView:
    """Save a question that versions are tried with."""

    async def act() -> QuestionView:
        return await questions.add(session, caller, body.text)

    return await once(QuestionView, act)


@router.put("/instructions/questions/{question_id}")
async def put_question(
    question_id: str, body: QuestionRequest, caller: Operator, session: Session, once: Once
) -> QuestionView:
    """Word a saved question anew."""

    async def act() -> QuestionView:
        return await questions.change(session, caller, question_id, body.text)

    return await once(QuestionView, act)


@router.delete("/instructions/questions/{question_id}", status_code=204)
async def delete_question(question_id: str, caller: Operator, session: Session) -> None:
    """Forget a saved question."""
    await questions.delete(session, caller, question_id)


@router.post(
    "/instructions/preview",
    status_code=200,
    response_class=PreviewStream,
    responses={200: {"model": AnswerPairEvent, "description": "Pairs of answers as they come"}},
)
async def preview(body: InstructionPreview, caller: Operator, state: CurrentState) -> PreviewStream:
    """Put questions to two versions, on a pod and one desk's facts. Nothing is kept; who goes away
    ends it.
    """
    its = await previews.prepare(state, caller, body)
    return PreviewStream(its.stream(), headers={"X-Accel-Buffering": "no"})
