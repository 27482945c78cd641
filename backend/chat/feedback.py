"""What people think of answers: one thumb a person and message, kept beside how the answer came
about, so that operators can see under which instructions, by which model, in which trace.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from redis.asyncio import Redis
from sqlalchemy import Row, delete, select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from ai_pod.contracts import keys
from ai_pod.contracts.chat import Role
from backend import telemetry
from backend.auth.dependencies import Caller
from backend.chat.schemas import FeedbackRequest, FeedbackView, RatedAnswer, Rating
from backend.cursors import Place
from backend.database import after_commit
from backend.errors import Invalid, NotFound
from backend.models import Message, MessageFeedback, Thread

Found = Row[MessageFeedback, Message, str | None]


async def rate(
    session: AsyncSession, redis: Redis, caller: Caller, message_id: str, asked: FeedbackRequest
) -> FeedbackView:
    """Rate an answer of one's own, or rate it anew. What displeases is not given again. Raises
    NotFound, Invalid.
    """
    message = await _own(session, caller, message_id)
    if message.role != Role.ASSISTANT:
        raise Invalid("only an answer can be rated, not a question", code="not_an_answer")
    data = message.data
    changed: dict[str, object] = {
        "rating": asked.rating,
        "note": asked.note,
        "trace_id": data.get("trace_id"),
        "instructions": data.get("instructions"),
        "model": (data.get("usage") or {}).get("model"),
        "changed_at": datetime.now(UTC),
    }
    who = {"message_id": message.id, "user_id": caller.id, "organisation_id": caller.organisation}
    statement = (
        insert(MessageFeedback)
        .values(who | changed)
        .on_conflict_do_update(index_elements=["message_id", "user_id"], set_=changed)
        .returning(MessageFeedback)
    )
    row = (await session.scalars(statement)).one()

    async def count() -> None:
        telemetry.chat_feedback.labels(rating=asked.rating).inc()
        if asked.rating is Rating.DOWN:
            await redis.delete(keys.answers(caller.id))

    after_commit(session, count)
    return FeedbackView.model_validate(row)


async def withdraw(session: AsyncSession, caller: Caller, message_id: str) -> None:
    """Take the rating back; without one there is nothing to do. Raises NotFound."""
    message = await _own(session, caller, message_id)
    its = (MessageFeedback.message_id == message.id, MessageFeedback.user_id == caller.id)
    await session.execute(delete(MessageFeedback).where(*its))


async def page(
    session: AsyncSession,
    organisation: str,
    *,
    before: Place | None,
    rating: Rating | None,
    limit: int,
) -> Sequence[Found]:
    """Ratings of the organisation, last changed first, with answer and question."""
    question = aliased(Message)
    asked = (question.run_id == Message.run_id) & (question.role == str(Role.USER))
    statement = (
        select(MessageFeedback, Message, question.text)
        .join(Message, Message.id == MessageFeedback.message_id)
        .outerjoin(question, asked)
        .where(MessageFeedback.organisation_id == organisation)
    )
    order = tuple_(MessageFeedback.changed_at, MessageFeedback.message_id)
    if before is not None:
        statement = statement.where(order < tuple_(*before))
    if rating is not None:
        statement = statement.where(MessageFeedback.rating == rating)
    newest = (MessageFeedback.changed_at.desc(), MessageFeedback.message_id.desc())
    return (await session.execute(statement.order_by(*newest).limit(limit))).all()


def rated(found: Found) -> RatedAnswer:
    feedback, answer, question = found
    view = FeedbackView.model_validate(feedback)
    return RatedAnswer(
        **view.model_dump(), run_id=answer.run_id, question=question, answer=answer.text
    )


async def _own(session: AsyncSession, caller: Caller, message_id: str) -> Message:
    statement = (
        select(Message)
        .join(Thread, Thread.id == Message.thread_id)
        .where(Message.id == message_id, Thread.user_id == caller.id)
    )
    message = (await session.scalars(statement)).one_or_none()
    if message is None:
        raise NotFound(f"there is no message {message_id!r}", code="message_not_found")
    return message
