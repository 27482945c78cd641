"""Thumbs for answers, and the list of them for operators."""

from typing import Annotated

from fastapi import APIRouter, Query

from backend.auth.dependencies import CurrentUser, Operator
from backend.chat import feedback
from backend.chat.schemas import FeedbackRequest, FeedbackView, RatedAnswer, Rating
from backend.cursors import cursor_of, place_of
from backend.dependencies import CurrentState, Session
from backend.idempotency import Once
from backend.schemas import Page

router = APIRouter(tags=["chat"])


@router.post("/messages/{message_id}/feedback")
async def post_feedback(
    message_id: str,
    body: FeedbackRequest,
    caller: CurrentUser,
    session: Session,
    state: CurrentState,
    once: Once,
) -> FeedbackView:
    """Rate an answer; again changes the rating. The organisation's operators see it, with the
    answer and its question.
    """

    async def act() -> FeedbackView:
        return await feedback.rate(session, state.redis, caller, message_id, body)

    return await once(FeedbackView, act)


@router.delete("/messages/{message_id}/feedback", status_code=204)
async def delete_feedback(message_id: str, caller: CurrentUser, session: Session) -> None:
    """Take the rating back."""
    await feedback.withdraw(session, caller, message_id)


@router.get("/feedback")
async def get_feedback(
    caller: Operator,
    session: Session,
    rating: Rating | None = None,
    cursor: Annotated[str | None, Query(max_length=120)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Page[RatedAnswer]:
    """The organisation's ratings, last changed first."""
    found = await feedback.page(
        session, caller.organisation, before=place_of(cursor), rating=rating, limit=limit + 1
    )
    items = [feedback.rated(one) for one in found]
    return Page.cut(items, limit, lambda last: cursor_of(last.changed_at, last.message_id))
