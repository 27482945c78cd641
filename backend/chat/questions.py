"""Saved questions: what an organisation tries new instructions with."""

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from backend.audit import service as audit
from backend.auth.dependencies import Caller
from backend.chat import instruction_repository as repository
from backend.chat.instruction_schemas import QuestionView
from backend.errors import Conflict, NotFound
from backend.models import SavedQuestion, new_id

MOST = 200


async def add(session: AsyncSession, caller: Caller, text: str) -> QuestionView:
    """Raises Conflict when there are too many."""
    if await repository.how_many_questions(session, caller.organisation) >= MOST:
        raise Conflict(
            f"{MOST} questions are the most; delete one first", code="too_many_questions"
        )
    row = SavedQuestion(
        id=new_id("question"),
        organisation_id=caller.organisation,
        text=text,
        created_by=caller.login,
        created_at=datetime.now(UTC),
        updated_at=datetime.now(UTC),
    )
    session.add(row)
    await session.flush()
    await _record(session, caller, "question_saved", row.id, None, text)
    return QuestionView.model_validate(row)


async def change(
    session: AsyncSession, caller: Caller, question_id: str, text: str
) -> QuestionView:
    """Raises NotFound."""
    row = await _own(session, caller, question_id)
    before, row.text = row.text, text
    row.updated_at = datetime.now(UTC)
    await _record(session, caller, "question_changed", row.id, before, text)
    return QuestionView.model_validate(row)


async def delete(session: AsyncSession, caller: Caller, question_id: str) -> None:
    """Raises NotFound."""
    row = await _own(session, caller, question_id)
    await session.delete(row)
    await _record(session, caller, "question_deleted", row.id, row.text, None)


async def chosen(
    session: AsyncSession, caller: Caller, ids: Sequence[str] | None, limit: int
) -> list[SavedQuestion]:
    """The questions named, or without names the first of all. Raises NotFound."""
    if ids is None:
        found = await repository.questions(session, caller.organisation, after=None, limit=limit)
        return list(found)
    return [await _own(session, caller, one) for one in dict.fromkeys(ids)]


async def _own(session: AsyncSession, caller: Caller, question_id: str) -> SavedQuestion:
    row = await repository.question(session, question_id, caller.organisation)
    if row is None:
        raise NotFound(f"there is no question {question_id!r}", code="question_not_found")
    return row


async def _record(
    session: AsyncSession,
    caller: Caller,
    action: str,
    question_id: str,
    *texts: str | None,
) -> None:
    """`texts` are the question's before and after."""
    before, after = ({"text": text} if text is not None else None for text in texts)
    actor = audit.Actor(caller.organisation, caller.login)
    await audit.record(
        session, actor, action, f"question:{question_id}", before=before, after=after
    )
